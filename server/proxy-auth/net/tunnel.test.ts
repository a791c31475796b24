import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Bench,
  basic,
  connectAsTraefik,
  eventually,
  readAll,
  readHead,
  startBench,
} from "../testing/bench.ts";
import { startOrigin } from "../testing/origins.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
  bench.panel.addUser("ada");
  await bench.announce();
});
afterAll(() => bench.close());

async function open(port: number): Promise<Socket> {
  const socket = await connectAsTraefik(bench.proxy.ports.http);
  socket.write(
    `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
  );
  const head = await readHead(socket);
  expect(head.toString("latin1")).toMatch(/^HTTP\/1.1 200/);
  socket.unshift(head.subarray(head.indexOf("\r\n\r\n") + 4));
  return socket;
}

/** Bytes that differ everywhere, so that a buffer used twice shows. */
function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i + 4 <= length; i += 4) bytes.writeUInt32LE((i * 2_654_435_761 + seed) >>> 0, i);
  return bytes;
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("a tunnel", () => {
  it("delivers large downloads whole to fast and slow readers side by side", async () => {
    const bodies = [1, 2, 3, 4].map((seed) => pattern(8_000_000, seed));
    let next = 0;
    const origin = await startOrigin((socket) => {
      const body = bodies[next++ % bodies.length] ?? Buffer.alloc(0);
      // Bursts and pauses make the read buffer grow and shrink.
      socket.write(body.subarray(0, 3_000_000));
      setTimeout(() => socket.write(body.subarray(3_000_000, 3_000_100)), 40);
      setTimeout(() => socket.end(body.subarray(3_000_100)), 80);
    });
    const sockets = [];
    for (const _ of bodies) sockets.push(await open(origin.port));
    const received = await Promise.all(
      sockets.map(async (socket, i) => {
        const chunks: Buffer[] = [];
        socket.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          if (i % 2 === 0) return;
          socket.pause();
          setTimeout(() => socket.resume(), 3);
        });
        socket.resume();
        await new Promise((resolve) => socket.once("end", resolve));
        socket.destroy();
        return digest(Buffer.concat(chunks));
      }),
    );
    expect(received.toSorted()).toEqual(bodies.map(digest).toSorted());
    await origin.close();
  });

  it.each([
    [
      "http",
      (port: number) =>
        Buffer.from(
          `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
        ),
    ],
    [
      "socks",
      (port: number) =>
        Buffer.concat([
          Buffer.from("\x05\x01\x02\x01\x03ada\x0aada-secret\x05\x01\x00\x01\x7f\x00\x00\x01", "latin1"),
          Buffer.from([port >> 8, port & 255]),
        ]),
    ],
  ] as const)("carries a FIN that came before it stood, and the answer to it (%s)", async (door, request) => {
    const answering = await startOrigin((socket) => {
      socket.resume().on("end", () => setTimeout(() => socket.end("answer after the end"), 50));
    });
    const socket = await connectAsTraefik(bench.proxy.ports[door]);
    socket.end(request(answering.port));
    const answer = await readAll(socket);
    expect(answer.toString("latin1")).toMatch(/answer after the end$/);
    await answering.close();
  });

  it("stops reading from the origin while the client does not read", async () => {
    let sent = 0;
    const origin = await startOrigin((socket) => {
      const block = Buffer.alloc(256 * 1024);
      const pour = () => {
        while (sent < 200_000_000 && !socket.destroyed) {
          sent += block.length;
          if (!socket.write(block)) break;
        }
      };
      socket.on("drain", pour);
      pour();
    });
    const socket = await open(origin.port);
    socket.pause();
    let before = -1;
    await eventually(async () => {
      const isStill = before === sent;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return isStill;
    });
    expect(sent).toBeLessThan(60_000_000);
    socket.destroy();
    await origin.close();
  });

  it("delivers all of an upload to an origin that has long said its own last word", async () => {
    const body = pattern(12_000_000, 7);
    const chunks: Buffer[] = [];
    const origin = await startOrigin((socket) => {
      socket.end("done");
      // Reads late: what the proxy holds must not go when both sides have said their last.
      setTimeout(() => socket.on("data", (chunk) => chunks.push(chunk)), 200);
    });
    const socket = await open(origin.port);
    socket.end(body);
    expect((await readAll(socket)).toString()).toBe("done");
    await eventually(() => Buffer.concat(chunks).length === body.length);
    expect(digest(Buffer.concat(chunks))).toBe(digest(body));
    await origin.close();
  });

  it("resets the client when the origin resets, and the other way round", async () => {
    const origin = await startOrigin((socket) => {
      socket.resume();
      socket.write("x");
      socket.on("data", () => socket.resetAndDestroy());
    });
    const one = await open(origin.port);
    one.write("now");
    await readAll(one);
    const two = await open(origin.port);
    const [, second] = origin.sockets;
    two.resetAndDestroy();
    await eventually(() => second?.destroyed === true);
    await origin.close();
  });

  it("leaves no socket, timer or file behind, however connections end", async () => {
    const origin = await startOrigin((socket) => socket.pipe(socket));
    const handles = () => process.getActiveResourcesInfo().filter((name) => /TCP|Connect/.test(name)).length;
    const settle = async (port: number) => {
      const ways: ((socket: Socket) => void)[] = [
        (socket) => socket.end(),
        (socket) => socket.destroy(),
        (socket) => socket.resetAndDestroy(),
        (socket) => void socket.end(Buffer.alloc(100_000)),
      ];
      for (const end of ways) {
        const tunnel = await open(port);
        end(tunnel);
        tunnel.resume();
        tunnel.once("end", () => tunnel.destroy());
      }
      for (const bytes of [
        "",
        "\r\n\r\n\0",
        "CONNECT 127.0.0.1:1 HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      ]) {
        for (const door of ["http", "socks"] as const) {
          const socket = await connectAsTraefik(bench.proxy.ports[door]);
          socket.write(bytes);
          await new Promise((resolve) => setTimeout(resolve, 5));
          socket.destroy();
        }
      }
    };
    await settle(origin.port);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = handles();
    for (let i = 0; i < 5; i++) await settle(origin.port);
    await eventually(() => handles() <= before);
    await origin.close();
  });
});
