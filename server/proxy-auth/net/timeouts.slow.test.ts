import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, basic, connectAsTraefik, readAll, readHead, startBench } from "../testing/bench.ts";
import { type Origin, startOrigin, startSlowTarget, stream } from "../testing/origins.ts";

let bench: Bench;
let source: Origin;
let echo: Origin;
let page: Origin;
beforeAll(async () => {
  bench = await startBench({
    env: {
      DOORS_HANDSHAKE_SECONDS: 1,
      DOORS_HEADER_SECONDS: 1,
      DOORS_CONNECT_SECONDS: 1,
      DOORS_IDLE_SECONDS: 2,
      DOORS_LIFETIME_SECONDS: 5,
      SOCKS_UDP_PORTS: "20804-20805",
    },
  });
  source = await startOrigin(stream);
  echo = await startOrigin((socket) => socket.pipe(socket));
  page = await startOrigin((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
    stream(socket);
  });
  bench.panel.addUser("ada");
  await bench.announce();
});
afterAll(async () => {
  await source.close();
  await echo.close();
  await page.close();
  await bench.close();
});

/** Seconds until it is closed. */
async function life(socket: Socket): Promise<number> {
  const startedAt = performance.now();
  socket.resume();
  // An `error` is the reset; the end of a half-open socket is all there is to see.
  await new Promise((resolve) => socket.once("close", resolve).once("end", resolve));
  return (performance.now() - startedAt) / 1_000;
}
const begin = async (text: string | Buffer, door: "http" | "socks" = "http") => {
  const socket = await connectAsTraefik(bench.proxy.ports[door]);
  socket.write(text);
  return socket;
};
const authorization = `Proxy-Authorization: ${basic("ada")}\r\n\r\n`;
const tunnel = async (port: number) => {
  const socket = await begin(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n${authorization}`);
  expect(String(await readHead(socket))).toContain(" 200 ");
  return socket;
};

describe.concurrent("time-outs of the doors, as set", () => {
  it("closes what does not finish its PROXY header or SOCKS handshake", async () => {
    const silent = connect({ host: "127.0.0.1", port: bench.proxy.ports.http, allowHalfOpen: false });
    const socks = await begin(Buffer.from([5, 1]), "socks");
    for (const seconds of await Promise.all([life(silent), life(socks)])) {
      expect(seconds).toBeGreaterThan(0.9);
      expect(seconds).toBeLessThan(3);
    }
  });

  it.each(["CONNECT x:1 HTTP/1.1\r\nHost:", "GET http://x/ HTTP/1.1\r\nHost:"])(
    "answers 408 to a head that does not come: %s",
    async (head) => {
      const socket = await begin(head);
      const startedAt = performance.now();
      expect(String(await readAll(socket))).toContain(" 408 ");
      expect(performance.now() - startedAt).toBeLessThan(3_500);
      socket.destroy();
    },
  );

  it("gives a target that does not answer its time, then says 504", async () => {
    const target = await startSlowTarget();
    const socket = await begin(`CONNECT 127.0.0.1:${target.port} HTTP/1.1\r\nHost: x\r\n${authorization}`);
    const startedAt = performance.now();
    expect(String(await readHead(socket))).toContain(" 504 ");
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    socket.destroy();
    target.close();
  });

  it("ends a silent tunnel, not one that moves now and then", async () => {
    const silent = await tunnel(echo.port);
    const slow = await tunnel(echo.port);
    const timer = setInterval(() => slow.write("."), 500);
    const seconds = await life(silent);
    expect(seconds).toBeGreaterThan(1.9);
    expect(seconds).toBeLessThan(4);
    expect(slow.destroyed).toBe(false);
    clearInterval(timer);
    slow.destroy();
  });

  it("ends an association without datagrams, whose port others may need", async () => {
    const socket = await begin(
      Buffer.from(`\x05\x01\x02\x01\x03ada\x0aada-secret\x05\x03\x00\x01\0\0\0\0\0\0`, "latin1"),
      "socks",
    );
    const seconds = await life(socket);
    expect(socket.bytesRead).toBe(2 + 2 + 10);
    expect(seconds).toBeGreaterThan(1.9);
    expect(seconds).toBeLessThan(4);
  });

  it("ends the busiest tunnel and request at its greatest age", async () => {
    const busy = await tunnel(source.port);
    const plain = await begin(`GET http://127.0.0.1:${page.port}/ HTTP/1.1\r\nHost: x\r\n${authorization}`);
    for (const seconds of await Promise.all([life(busy), life(plain)])) {
      expect(seconds).toBeGreaterThan(4.8);
      expect(seconds).toBeLessThan(8);
    }
  });
});
