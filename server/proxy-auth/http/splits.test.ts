import type { Socket } from "node:net";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, basic, eventually, proxyHeader, readUntil, startBench } from "../testing/bench.ts";
import { type Origin, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let echo: Origin;
let web: Origin;
const heard: Buffer[] = [];

beforeAll(async () => {
  bench = await startBench();
  bench.panel.addUser("ada");
  await bench.announce();
  echo = await startOrigin((socket) => socket.pipe(socket));
  web = await startOrigin((socket: Socket) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!bytes.toString("latin1").endsWith("T: t\r\n\r\n")) return;
      heard.push(bytes);
      socket.end(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: U\r\n\r\n3\r\nyes\r\n0\r\nU: u\r\n\r\n",
      );
    });
  });
});
afterAll(async () => {
  await echo.close();
  await web.close();
  await bench.close();
});

/** The PROXY header too comes in pieces. */
async function send(port: number, bytes: Buffer, cuts: readonly number[]): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  let from = 0;
  for (const cut of [...new Set(cuts.map((at) => at % bytes.length))].sort((a, b) => a - b)) {
    if (cut > from) socket.write(bytes.subarray(from, cut));
    from = Math.max(from, cut);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  socket.write(bytes.subarray(from));
  return socket;
}

const cuts = fc.array(fc.nat({ max: 100_000 }), { maxLength: 12 });

describe("however the bytes arrive", () => {
  it("a CONNECT and what follows it come out the same", async () => {
    const request = `CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\nearly bytes`;
    const bytes = Buffer.concat([proxyHeader(), Buffer.from(request)]);
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const socket = await send(bench.proxy.ports.http, bytes, at);
        const answer = await readUntil(socket, (got) => got.toString().endsWith("early bytes"));
        socket.destroy();
        expect(answer.toString()).toBe("HTTP/1.1 200 Connection established\r\n\r\nearly bytes");
      }),
      { numRuns: 60 },
    );
  });

  it("a plain request's chunks and trailers come out the same", async () => {
    const request = `POST http://127.0.0.1:${web.port}/p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n4\r\nbody\r\n6\r\n parts\r\n0\r\nT: t\r\n\r\n`;
    const bytes = Buffer.concat([proxyHeader(), Buffer.from(request)]);
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        heard.length = 0;
        const socket = await send(bench.proxy.ports.http, bytes, at);
        const answer = (await readUntil(socket, (got) => got.toString().endsWith("U: u\r\n\r\n"))).toString();
        socket.destroy();
        await eventually(() => heard.length === 1);
        const sent = heard[0]?.toString("latin1") ?? "";
        expect(sent).toMatch(/^POST \/p HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
        expect(dechunk(sent)).toEqual({ body: "body parts", trailers: "T: t\r\n" });
        expect(dechunk(answer)).toEqual({ body: "yes", trailers: "U: u\r\n" });
      }),
      { numRuns: 40 },
    );
  });
});

/** Chunks may be cut anew on the way; what they carry may not. */
function dechunk(message: string): { body: string; trailers: string } {
  let rest = message.slice(message.indexOf("\r\n\r\n") + 4);
  let body = "";
  for (;;) {
    const size = Number.parseInt(rest, 16);
    rest = rest.slice(rest.indexOf("\r\n") + 2);
    if (size === 0) return { body, trailers: rest.slice(0, -2) };
    body += rest.slice(0, size);
    rest = rest.slice(size + 2);
  }
}
