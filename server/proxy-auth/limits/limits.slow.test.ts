import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ProxyAuth } from "../program.ts";
import {
  type Bench,
  basic,
  connectAsTraefik,
  eventually,
  readHead,
  readUntil,
  startBench,
} from "../testing/bench.ts";
import { type Origin, rawHttp, startOrigin } from "../testing/origins.ts";

const MBIT = 1_000_000;
let bench: Bench;
let origin: Origin;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await origin.close();
  await bench.close();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const sink = (socket: Socket) => void socket.on("end", () => socket.end()).resume();

/** Sends as fast as it is taken. */
function flood(socket: Socket): void {
  const block = Buffer.alloc(64 * 1024, 0x61);
  const go = () => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.on("drain", go);
  socket.resume();
  go();
}

async function connectAs(
  name: string,
  proxy: ProxyAuth = bench.proxy,
): Promise<{ status: string; socket: Socket }> {
  const socket = await connectAsTraefik(proxy.ports.http);
  sockets.push(socket);
  socket.write(
    `CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name)}\r\n\r\n`,
  );
  const head = await readHead(socket);
  return { status: head.toString("latin1").split(" ")[1] ?? "", socket };
}

/** Bytes that arrive within the time. */
async function measure(socket: Socket, ms: number): Promise<number> {
  const before = socket.bytesRead;
  socket.on("data", () => {}).resume();
  await sleep(ms);
  return socket.bytesRead - before;
}

async function start(limits: { maxTunnels?: number; rate?: number }, env = {}): Promise<void> {
  bench = await startBench({ env });
  bench.panel.addUser("bob");
  bench.panel.addUser("ada", {
    limits: { maxTunnels: limits.maxTunnels ?? null, rateBitsPerSecond: limits.rate ?? null },
  });
  await bench.announce();
}

describe("a user's speed", () => {
  it("is kept within 5 %, shared evenly by the user's tunnels, and nobody else's changes", async () => {
    await start({ rate: 10 * MBIT });
    origin = await startOrigin(flood);
    const one = await connectAs("ada");
    const two = await connectAs("ada");
    const other = await connectAs("bob");
    for (const { socket } of [one, two, other]) socket.resume();
    await sleep(700);
    const [a, b, free] = await Promise.all([one, two, other].map(({ socket }) => measure(socket, 4_000)));
    const bits = (((a ?? 0) + (b ?? 0)) * 8) / 4;
    expect(bits / (10 * MBIT)).toBeGreaterThan(0.95);
    expect(bits / (10 * MBIT)).toBeLessThan(1.05);
    expect((a ?? 0) / (b ?? 1)).toBeGreaterThan(0.85);
    expect((a ?? 0) / (b ?? 1)).toBeLessThan(1.18);
    expect(free).toBeGreaterThan(20_000_000);
  }, 30_000);

  it("holds for uploads and for plain requests too, and ends when it is taken away", async () => {
    await start({ rate: 8 * MBIT });
    origin = await startOrigin(sink);
    const { socket } = await connectAs("ada");
    const block = Buffer.alloc(4_000_000);
    socket.write(block);
    await sleep(2_000);
    expect(origin.received()).toBeGreaterThan(1_700_000);
    expect(origin.received()).toBeLessThan(2_400_000);
    const ada = [...bench.panel.users.values()].find(({ name }) => name === "ada");
    bench.panel.change(ada?.id ?? "", { limits: { maxTunnels: null, rateBitsPerSecond: null } });
    await bench.announce();
    await eventually(() => origin.received() === block.length, 3_000);

    bench.panel.change(ada?.id ?? "", { limits: { maxTunnels: null, rateBitsPerSecond: 8 * MBIT } });
    await bench.announce();
    const web = await startOrigin(
      rawHttp(() =>
        Buffer.concat([
          Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 1500000\r\n\r\n"),
          Buffer.alloc(1_500_000),
        ]),
      ),
    );
    await sleep(100);
    const plain = await connectAsTraefik(bench.proxy.ports.http);
    sockets.push(plain);
    const begun = performance.now();
    plain.write(
      `GET http://127.0.0.1:${web.port}/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
    );
    await readUntil(plain, (bytes) => bytes.length > 1_500_000);
    expect(performance.now() - begun).toBeGreaterThan(1_200);
    await web.close();
  }, 30_000);

  it("is one for all processes of an installation", async () => {
    await start({ rate: 10 * MBIT });
    const second = await bench.startAnother();
    origin = await startOrigin(flood);
    const here = await connectAs("ada");
    const there = [await connectAs("ada", second), await connectAs("ada", second)];
    for (const { socket } of [here, ...there]) socket.resume();
    await sleep(1_800);
    const all = await Promise.all([here, ...there].map(({ socket }) => measure(socket, 4_000)));
    const bits = (all.reduce((sum, bytes) => sum + bytes, 0) * 8) / 4;
    expect(bits / (10 * MBIT)).toBeGreaterThan(0.94);
    expect(bits / (10 * MBIT)).toBeLessThan(1.06);
    expect((all[0] ?? 0) / ((all[1] ?? 0) + (all[2] ?? 0))).toBeLessThan(0.7);
  }, 30_000);
});

describe("how many tunnels", () => {
  it("a user may have open holds over all processes, to the last one, and places become free", async () => {
    await start({ maxTunnels: 7 });
    const second = await bench.startAnother();
    origin = await startOrigin(sink);
    const tries = Array.from({ length: 30 }, (_, i) => connectAs("ada", i % 2 ? second : bench.proxy));
    const results = await Promise.all(tries);
    expect(results.filter(({ status }) => status === "200")).toHaveLength(7);
    expect(results.filter(({ status }) => status === "429")).toHaveLength(23);
    expect((await connectAs("bob")).status).toBe("200");
    for (const { socket } of results) socket.destroy();
    await eventually(async () => (await connectAs("ada", second)).status === "200");
  });

  it("without Redis each process keeps to its part", async () => {
    await start({ maxTunnels: 6 });
    const second = await bench.startAnother();
    origin = await startOrigin(sink);
    await sleep(1_200);
    await bench.stopRedis();
    const tries = Array.from({ length: 20 }, (_, i) => connectAs("ada", i % 2 ? second : bench.proxy));
    const results = await Promise.all(tries);
    expect(results.filter(({ status }) => status === "200")).toHaveLength(6);
  }, 20_000);

  it("an address may have open, and open a second, holds as well", async () => {
    await start({}, { DOORS_IP_MAX_TUNNELS: 5, DOORS_USER_TUNNELS_PER_SECOND: 2 });
    origin = await startOrigin(sink);
    const results = await Promise.all(Array.from({ length: 10 }, () => connectAs("bob")));
    expect(results.filter(({ status }) => status === "200")).toHaveLength(4);
    await sleep(1_100);
    const later = await Promise.all([connectAs("bob"), connectAs("ada")]);
    expect(later.map(({ status }) => status).sort()).toEqual(["200", "429"]);
  });
});
