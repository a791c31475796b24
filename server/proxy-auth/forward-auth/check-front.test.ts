import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, eventually, readUntil, startBench } from "../testing/bench.ts";
import { parseCheckHead } from "./check-head.ts";

let bench: Bench;
let node: Server;
let cookie = "";
beforeAll(async () => {
  bench = await startBench();
  const user = bench.panel.addUser("ada", { role: "admin" });
  cookie = `__Host-causeway=${bench.panel.addSession(user.id, "site.test")}`;
  await bench.announce();
  node = createServer((request: IncomingMessage, response) =>
    response.end(JSON.stringify({ url: request.url, headers: request.headers })),
  );
  node.on("clientError", (_error, socket) => socket.destroy());
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
});
afterAll(async () => {
  node.close();
  await bench.close();
});

const question = (path: string, more = "") =>
  `GET /forward-auth HTTP/1.1\r\nHost: proxy-auth:9001\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: site.test\r\nX-Forwarded-Uri: ${path}\r\nCookie: ${cookie}\r\n${more}\r\n`;
const ALLOWED = /^(HTTP\/1\.1 200 OK\r\n(?:[^\r\n]+\r\n)*Remote-User: ada\r\n(?:[^\r\n]+\r\n)*\r\n)*$/;

async function connected(port = bench.proxy.ports.forwardAuth) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

describe("a connection from Traefik", () => {
  it("gives as many answers as were asked for, however the questions arrive", async () => {
    const bytes = Buffer.from([1, 2, 3, 4].map((n) => question(`/${n}`)).join(""));
    const isWhole = (got: Buffer) => got.toString().split("\r\n\r\n").length === 5;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), async (cuts) => {
        const socket = await connected();
        let from = 0;
        for (const cut of [...cuts].sort((a, b) => a - b)) {
          if (cut > from) socket.write(bytes.subarray(from, cut));
          from = cut;
          await new Promise((resolve) => setImmediate(resolve));
        }
        socket.write(bytes.subarray(from));
        expect((await readUntil(socket, isWhole)).toString()).toMatch(ALLOWED);
        socket.destroy();
      }),
      { numRuns: 60 },
    );
  });

  it("goes on after a refusal, and closes behind what only node:http reads", async () => {
    const socket = await connected();
    socket.write(question("/a").replace(cookie, "a=1") + question("/b"));
    const both = await readUntil(socket, (got) => got.toString().includes("Remote-User: ada"));
    expect(both.toString()).toMatch(/^HTTP\/1\.1 401 .*HTTP\/1\.1 200 /s);
    socket.write(question("/c", "X-Twice: 1\r\nX-Twice: 2\r\n"));
    const last = await readUntil(socket, () => false);
    expect(last.toString()).toMatch(/^HTTP\/1\.1 200 .*Connection: close/s);
  });

  it("keeps no connection that says nothing or never ends its question", async () => {
    const before = bench.logs.length;
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connected()));
    for (const socket of sockets) socket.write("GET /forward-auth HTTP/1.1\r\nHost:");
    for (const socket of sockets) socket.end();
    await eventually(() =>
      sockets.every((socket) => socket.closed || socket.readableEnded || socket.destroyed),
    );
    expect(bench.logs.slice(before)).toEqual([]);
  });
});

describe("parseCheckHead", () => {
  it("takes nothing that node:http refuses, and reads the same out of it", async () => {
    const line = fc.constantFrom(
      "X-Forwarded-Host: site.test",
      "x-forwarded-host: other.test",
      "X-Forwarded-Uri:  /a \t",
      "Cookie: a=1; b=\xff",
      "Cookie: c=2",
      "Authorization: Basic YTpi",
      "Connection: keep-alive",
      "Connection: close",
      "Content-Length: 0",
      "__proto__: x",
      "constructor: y",
      "Bad Name: x",
      " folded",
      "X: a\rb",
      "X: a\0b",
      "X\t: a",
      ": nameless",
      "no colon",
      "X:",
      "X: \xa0",
    );
    const url = fc.constantFrom(
      "/forward-auth",
      "/forward-auth?audience=grafana",
      "/other",
      "/forward-auth x",
      "*",
    );
    const { port } = node.address() as AddressInfo;
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(url, fc.array(line, { maxLength: 5 }), async (path, lines) => {
        const head = `GET ${path} HTTP/1.1\r\nHost: h\r\n${lines.map((one) => `${one}\r\n`).join("")}\r\n`;
        const read = parseCheckHead(head);
        if (read === null) return;
        taken += 1;
        const socket = await connected(port);
        socket.end(head, "latin1");
        const answer = (await readUntil(socket, () => false)).toString("utf8");
        const body = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
        expect({ url: read.url, headers: { ...read.headers } }).toEqual(body);
      }),
      { numRuns: 600 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});
