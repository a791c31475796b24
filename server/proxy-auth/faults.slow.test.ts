import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Bench,
  basic,
  connectAsTraefik,
  eventually,
  proxyHeader,
  readAll,
  readHead,
  startBench,
} from "./testing/bench.ts";
import { type Origin, startOrigin } from "./testing/origins.ts";

/** `npm run test:long` takes 5 000. */
const MANY = Number(process.env.FAULT_CONNECTIONS ?? 400);
let bench: Bench;
let echo: Origin;
const open: Socket[] = [];

beforeAll(async () => {
  bench = await startBench();
  bench.panel.addUser("ada");
  bench.panel.addUser("bob");
  await bench.announce();
  echo = await startOrigin((socket) => socket.pipe(socket));
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});
afterAll(async () => {
  await echo.close();
  await bench.close();
});

const tcpHandles = () =>
  process.getActiveResourcesInfo().filter((name) => /^TCPSocket|Connect/.test(name)).length;

async function raw(port: number, bytes: Buffer): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  open.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes);
  return socket;
}

const connectTo = (port: number, name = "ada") =>
  Buffer.from(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name)}\r\n\r\n`);

/** Somebody else: one user alone may hold a fifth of all tunnels. */
async function isServed(): Promise<boolean> {
  const socket = await connectAsTraefik(bench.proxy.ports.http);
  socket.write(connectTo(echo.port, "bob"));
  const head = await readHead(socket);
  socket.destroy();
  return head.toString("latin1").startsWith("HTTP/1.1 200");
}

describe("slow clients", () => {
  const login = Buffer.concat([
    Buffer.from([5, 1, 2, 1, 3]),
    Buffer.from("ada"),
    Buffer.from([10]),
    Buffer.from("ada-secret"),
  ]);
  it.each([
    ["in the PROXY header", "http", () => proxyHeader().subarray(0, 9)],
    [
      "in the head of a CONNECT",
      "http",
      () => Buffer.concat([proxyHeader(), Buffer.from("CONNECT a.example:4")]),
    ],
    [
      "in the head of a plain request",
      "http",
      () => Buffer.concat([proxyHeader(), Buffer.from("GET http://a.example/ HT")]),
    ],
    ["in the SOCKS greeting", "socks", () => Buffer.concat([proxyHeader(), Buffer.from([5, 3])])],
    ["behind the SOCKS password", "socks", () => Buffer.concat([proxyHeader(), login])],
    ["in an idle tunnel", "http", () => Buffer.concat([proxyHeader(), connectTo(echo.port)])],
  ] as const)(
    "%s keep nobody out, cost little, and leave nothing behind",
    async (_where, door, bytes) => {
      const before = tcpHandles();
      const memory = process.memoryUsage().rss;
      for (let i = 0; i < MANY; i += 100) {
        await Promise.all(Array.from({ length: 100 }, () => raw(bench.proxy.ports[door], bytes())));
      }
      expect(await isServed()).toBe(true);
      // Both ends of each connection are in this process.
      expect((process.memoryUsage().rss - memory) / MANY).toBeLessThan(400_000);
      for (const socket of open.splice(0)) socket.destroy();
      await eventually(() => tcpHandles() <= before + 1, 10_000);
      expect(await isServed()).toBe(true);
    },
    60_000,
  );

  it("are sent away at the deadline of each stage", async () => {
    const started = performance.now();
    const ends = [
      raw(bench.proxy.ports.http, proxyHeader().subarray(0, 9)),
      raw(bench.proxy.ports.socks, Buffer.concat([proxyHeader(), Buffer.from([5, 3])])),
      raw(bench.proxy.ports.http, Buffer.concat([proxyHeader(), Buffer.from("CONNECT a.example:4")])),
    ].map(async (socket) => {
      const answer = await readAll(await socket);
      return { answer: answer.toString("latin1"), seconds: (performance.now() - started) / 1000 };
    });
    const [header, socks, head] = await Promise.all(ends);
    expect(header?.seconds).toBeLessThan(17.5);
    expect(socks?.seconds).toBeLessThan(17.5);
    expect(head?.seconds).toBeLessThan(22.5);
    expect(head?.answer).toMatch(/^HTTP\/1.1 408 /);
  }, 40_000);
});

describe("noise", () => {
  it("random bytes, NUL and endless heads are closed, without a crash or a flood of log lines", async () => {
    const lines = bench.logs.length;
    const before = tcpHandles();
    const noises = [
      ...Array.from({ length: 60 }, (_, i) =>
        i % 2 ? Buffer.concat([proxyHeader(), randomBytes(300)]) : randomBytes(300),
      ),
      Buffer.concat([proxyHeader(), Buffer.from("CONNECT a\0b:1 HTTP/1.1\r\n\r\n")]),
      Buffer.concat([proxyHeader(), Buffer.from(`CONNECT a:1 HTTP/1.1\r\nX: ${"x".repeat(1 << 20)}`)]),
      Buffer.concat([proxyHeader(), Buffer.from(`GET http://a/ HTTP/1.1\r\nX: ${"x".repeat(1 << 20)}`)]),
    ];
    await Promise.all(
      noises.flatMap((noise) =>
        (["http", "socks"] as const).map(async (door) => {
          const socket = await raw(bench.proxy.ports[door], noise);
          socket.end();
          socket.resume();
          await new Promise((resolve) => socket.once("close", resolve));
        }),
      ),
    );
    expect(await isServed()).toBe(true);
    await eventually(() => tcpHandles() <= before + 1, 10_000);
    const loud = bench.logs.slice(lines).filter((line) => !line.includes('"level":20'));
    expect(loud.length).toBeLessThan(10);
  }, 30_000);
});

describe("origins and clients that vanish", () => {
  it("release everything: reset mid-body, never answering, gone during the dial", async () => {
    const before = tcpHandles();
    const resetting = await startOrigin((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\npart");
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const silent = await startOrigin((socket) => socket.resume());
    for (let i = 0; i < 40; i++) {
      const target = [resetting, silent][i % 2] as Origin;
      const socket = await connectAsTraefik(bench.proxy.ports.http);
      open.push(socket);
      if (i % 4 < 2) socket.write(connectTo(target.port));
      else {
        socket.write(
          `GET http://127.0.0.1:${target.port}/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
        );
      }
      socket.resume();
      // Some leave at once, some after a while.
      if (i % 3 === 0) socket.destroy();
      else setTimeout(() => socket.resetAndDestroy(), i * 5);
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
    await resetting.close();
    await silent.close();
    await eventually(() => tcpHandles() <= before + 1, 10_000);
    expect(await isServed()).toBe(true);
  }, 30_000);
});
