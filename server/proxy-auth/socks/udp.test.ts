import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import type { Socket } from "node:net";
import fc from "fast-check";
import { SocksClient } from "socks";
import type { SocksRemoteHost } from "socks/typings/common/constants.d.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Bench, connectAsTraefik, eventually, startBench } from "../testing/bench.ts";
import { parseUdpDatagram, wrapUdpDatagram } from "./udp-datagram.ts";
import { parsePortRange } from "./udp-ports.ts";

let bench: Bench;
let echo: UdpSocket;
const opened: (UdpSocket | Socket)[] = [];

beforeAll(async () => {
  bench = await startBench({
    env: { SOCKS_UDP_PORTS: "20800-20803", LOG_DESTINATIONS: "1" },
    allowed: ["127.0.0.1"],
  });
  bench.panel.addUser("ada");
  bench.panel.addUser("slow", { limits: { maxTunnels: 2, rateBitsPerSecond: 800_000 } });
  await bench.announce();
  echo = await udp();
  echo.on("message", (bytes, from) => echo.send(bytes, from.port, from.address));
});
afterEach(() => {
  for (const socket of opened.splice(0)) {
    if ("destroy" in socket) socket.destroy();
    else socket.close();
  }
});
afterAll(async () => {
  echo.close();
  await bench.close();
});

async function udp(address = "127.0.0.1"): Promise<UdpSocket> {
  const socket = createSocket("udp4");
  socket.bind(0, address);
  await once(socket, "listening");
  return socket;
}

/** As the package `socks` speaks it, behind a PROXY header that names the client's address. */
async function associate(name = "ada", client = "127.0.0.1") {
  const control = await connectAsTraefik(bench.proxy.ports.socks, client);
  opened.push(control);
  const asking = new SocksClient({
    existing_socket: control,
    proxy: { host: "127.0.0.1", port: 1, type: 5, userId: name, password: `${name}-secret` },
    command: "associate",
    destination: { host: "0.0.0.0", port: 0 },
  });
  const remoteHost = await new Promise<SocksRemoteHost | undefined>((resolve, reject) => {
    asking.once("established", (info) => resolve(info.remoteHost)).once("error", reject);
    asking.connect(control);
  });
  const mine = await udp();
  opened.push(mine);
  const send = (payload: Buffer, port = echo.address().port, host = "127.0.0.1", from = mine) =>
    from.send(
      SocksClient.createUDPFrame({ remoteHost: { host, port }, data: payload }),
      remoteHost?.port ?? 0,
      "127.0.0.1",
    );
  return { control, mine, send, relay: remoteHost };
}

async function answer(socket: UdpSocket, withinMs = 1_000): Promise<Buffer | null> {
  return Promise.race([
    once(socket, "message").then(([bytes]: [Buffer, RemoteInfo] | unknown[]) => bytes as Buffer),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), withinMs)),
  ]);
}

describe("UDP ASSOCIATE", () => {
  it("carries datagrams both ways, says who answered, counts payloads, and ends with its TCP connection", async () => {
    const user = [...bench.panel.users.values()].find(({ name }) => name === "ada");
    const { control, mine, send, relay } = await associate();
    expect(relay?.host).toBe("127.0.0.1");
    expect(relay?.port).toBeGreaterThanOrEqual(20_800);
    expect(relay?.port).toBeLessThanOrEqual(20_803);
    send(Buffer.from("hello"));
    const reply = SocksClient.parseUDPFrame((await answer(mine)) ?? Buffer.alloc(0));
    expect(reply.remoteHost).toEqual({ host: "127.0.0.1", port: echo.address().port });
    expect(reply.data.toString()).toBe("hello");
    await eventually(() => bench.panel.usageOf(user?.id ?? "", "socks").down === 5);
    expect(bench.panel.usageOf(user?.id ?? "", "socks")).toEqual({ up: 5, down: 5 });
    control.destroy();
    await new Promise((resolve) => setTimeout(resolve, 150));
    send(Buffer.from("late"));
    expect(await answer(mine, 200)).toBeNull();
  });

  it("hears only the client's address and the port of its first datagram", async () => {
    const foreign = await associate("ada", "192.0.2.9");
    foreign.send(Buffer.from("not from there"));
    expect(await answer(foreign.mine, 200)).toBeNull();
    const { mine, send } = await associate();
    send(Buffer.from("first"));
    expect(await answer(mine)).not.toBeNull();
    const other = await udp();
    opened.push(other);
    send(Buffer.from("second"), echo.address().port, "127.0.0.1", other);
    expect(await answer(other, 200)).toBeNull();
  });

  it("drops fragments and noise, private targets, and answers of strangers", async () => {
    const { mine, send, relay } = await associate();
    const frame = SocksClient.createUDPFrame({
      remoteHost: { host: "127.0.0.1", port: echo.address().port },
      data: Buffer.from("x"),
      frameNumber: 1,
    });
    mine.send(frame, relay?.port ?? 0, "127.0.0.1");
    mine.send(Buffer.from("noise"), relay?.port ?? 0, "127.0.0.1");
    send(Buffer.from("inside"), 53, "10.0.0.1");
    send(Buffer.from("named"), echo.address().port, "localhost");
    const reply = SocksClient.parseUDPFrame((await answer(mine)) ?? Buffer.alloc(0));
    expect(reply.data.toString()).toBe("named");
    expect(await answer(mine, 200)).toBeNull();
  });

  it("writes down where datagrams go when that is on: once a target, and nowhere refused", async () => {
    const { mine, send } = await associate();
    const { port } = echo.address();
    const before = bench.logs.length;
    for (let i = 0; i < 3; i++) send(Buffer.from("x"), port, "localhost");
    send(Buffer.from("x"), 53, "10.0.0.1");
    await answer(mine);
    const lines = bench.logs.slice(before).filter((line) => line.includes('"visited"'));
    expect(lines.filter((line) => line.includes(`localhost:${port}`))).toHaveLength(1);
    expect(lines.join("")).not.toContain("10.0.0.1");
  });

  it("ends when its user is switched off, and nobody else's", async () => {
    const off = bench.panel.addUser("going");
    await bench.announce();
    const theirs = await associate("going");
    const ours = await associate("ada");
    const ended = new Promise((resolve) => theirs.control.once("close", resolve));
    bench.panel.change(off.id, { status: "disabled" });
    await bench.announce();
    await ended;
    ours.send(Buffer.from("still here"));
    expect(await answer(ours.mine)).not.toBeNull();
  });

  it("keeps to the user's number of tunnels and speed, and says when no port is free", async () => {
    const { mine, send } = await associate("slow");
    await associate("slow");
    await expect(associate("slow")).rejects.toThrow(/NotAllowed/);
    let bytes = 0;
    mine.on("message", (datagram) => {
      bytes += datagram.length - 10;
    });
    const until = Date.now() + 1_500;
    while (Date.now() < until) {
      for (let i = 0; i < 5; i++) send(Buffer.alloc(1_000));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(bytes).toBeGreaterThan(80_000);
    expect(bytes).toBeLessThan(230_000);
    await associate();
    await associate();
    await expect(associate()).rejects.toThrow(/Failure/);
  });

  it("refuses datagrams that break off anywhere, and reads whole ones back as they were wrapped", () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.integer({ min: 1, max: 65_535 }),
        fc.uint8Array({ maxLength: 50 }),
        (host, port, data) => {
          const wrapped = wrapUdpDatagram(host, port, Buffer.from(data));
          const read = parseUdpDatagram(wrapped);
          expect(read?.target).toMatchObject({ host, port });
          expect(read?.payload.equals(Buffer.from(data))).toBe(true);
          for (let end = 0; end < 10; end++) expect(parseUdpDatagram(wrapped.subarray(0, end))).toBeNull();
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseUdpDatagram(Buffer.from(bytes))),
    );
    expect(() => parsePortRange("10-5")).toThrow(/range/);
  });
});
