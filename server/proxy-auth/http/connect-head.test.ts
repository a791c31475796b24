import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConnectHead } from "./connect-head.ts";

let node: Server;
let port = 0;
beforeAll(async () => {
  node = createServer({ maxHeaderSize: 64 * 1024 });
  node.on("connect", (request: IncomingMessage, socket: Socket) => {
    const { url, headers } = request;
    socket.end(JSON.stringify({ authority: url, authorization: headers["proxy-authorization"] }));
  });
  node.on("clientError", (_error, socket) => socket.destroy());
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  port = (node.address() as AddressInfo).port;
});
afterAll(() => void node.close());

/** What node:http makes of it; null = refused. */
async function asNodeReads(head: string): Promise<unknown> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.end(head, "latin1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  await new Promise((resolve) => socket.once("close", resolve));
  return text.startsWith("{") ? JSON.parse(text) : null;
}

const odd = fc.constantFrom(
  "Host: x",
  "host:y:1",
  "Proxy-Authorization: Basic YTpi",
  "proxy-authorization:  Basic YTpi \t",
  "Proxy-Authorization : Basic YTpi",
  " folded",
  "\tfolded",
  "A:\rB: c",
  "A: \0",
  "A: \x7f",
  "A: \xff",
  "A:",
  ": empty",
  "no colon",
  "Content-Length: 5",
  "Content-Length: 5\r\nTransfer-Encoding: chunked",
  "A\nB: c",
  "X-[]: 1",
);
const line = fc.oneof(odd, fc.string({ unit: "binary-ascii", maxLength: 20 }));
const start = fc.constantFrom(
  "CONNECT a.example:443 HTTP/1.1",
  "CONNECT a.example:443 HTTP/1.0",
  "CONNECT a.example:443 HTTP/2.0",
  "CONNECT a.example:443 HTTP/1.1 ",
  "CONNECT  a.example:443 HTTP/1.1",
  "CONNECT a.example:443",
  "CONNECT a\0b:443 HTTP/1.1",
  "CONNECT [::1]:443 HTTP/1.1",
);

describe("parseConnectHead", () => {
  it("takes nothing that node:http refuses, and reads the same out of it", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(start, fc.array(line, { maxLength: 5 }), async (first, lines) => {
        const head = `${[first, ...lines].join("\r\n")}\r\n\r\n`;
        // What stands behind the first empty line belongs to the origin.
        const whole = head.slice(0, head.indexOf("\r\n\r\n") + 4);
        const ours = parseConnectHead(whole);
        if (ours === null) return;
        taken += 1;
        expect(await asNodeReads(whole)).toEqual(JSON.parse(JSON.stringify(ours)));
      }),
      { numRuns: 1_500 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it.each([
    ["two passwords", "Proxy-Authorization: Basic YTpi\r\nProxy-Authorization: Basic YTpj\r\n"],
    ["two hosts", "Host: a\r\nHost: b\r\n"],
    ["two lengths of a body", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"],
  ])("refuses %s, where readers differ", (_what, fields) => {
    expect(parseConnectHead(`CONNECT a:1 HTTP/1.1\r\n${fields}\r\n`)).toBeNull();
  });
});
