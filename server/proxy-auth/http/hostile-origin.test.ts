import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, basic, connectAsTraefik, readAll, startBench } from "../testing/bench.ts";
import { type Origin, rawHttp, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let origin: Origin;
let reply = "";

beforeAll(async () => {
  bench = await startBench();
  bench.panel.addUser("ada");
  await bench.announce();
  origin = await startOrigin((socket) => {
    rawHttp(() => Buffer.from(reply, "latin1"))(socket);
    socket.on("data", () => setTimeout(() => socket.end(), 5));
  });
});
afterAll(async () => {
  await origin.close();
  await bench.close();
});

/** What a client gets that asks this origin; the connection closes after it. */
async function ask(answer: string, extra = ""): Promise<string> {
  reply = answer;
  const socket = await connectAsTraefik(bench.proxy.ports.http);
  const url = `http://127.0.0.1:${origin.port}/`;
  socket.write(
    `GET ${url} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n${extra || "Connection: close\r\n"}\r\n`,
  );
  const text = (await readAll(socket)).toString("latin1");
  socket.destroy();
  return text;
}

const UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
const END = "Content-Length: 0\r\n\r\n";

/** An origin is anybody: none of its answers may end the program, and with it everybody's tunnels. */
describe("an origin that breaks the rules", () => {
  it.each([
    ["a status below 100", `HTTP/1.1 099 Odd\r\n${END}`],
    ["status 0", `HTTP/1.1 000 Odd\r\n${END}`],
    ["a status above 599", `HTTP/1.1 999 Odd\r\n${END}`],
    ["hints that are no links", `HTTP/1.1 103 Hints\r\nLink: nonsense\r\n\r\nHTTP/1.1 200 OK\r\n${END}`],
    ["100 without being asked", `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${END}`],
    ["102 after 102", `HTTP/1.1 102 P\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 200 OK\r\n${END}`],
    ["an upgrade nobody asked for", "HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabc"],
    [
      "trailers of framing",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n\r\n",
    ],
    ["a body where none may be", "HTTP/1.1 204 None\r\nContent-Length: 3\r\n\r\nabc"],
  ])("is answered for: %s", async (_what, answer) => {
    expect(await ask(answer)).toMatch(/^(HTTP\/1\.1 \d{3} |$)/);
    expect(await ask(answer, UPGRADE)).toMatch(/^(HTTP\/1\.1 \d{3} |$)/);
    expect(await ask(`HTTP/1.1 200 OK\r\n${END}`)).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it("does not end the program, whatever it says", async () => {
    const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const text = fc.array(byte, { maxLength: 12 }).map((parts) => parts.join(""));
    const name = fc.constantFrom(
      "Link",
      "Trailer",
      "Via",
      "Connection",
      "Content-Length",
      "X",
      "Set-Cookie",
      "",
    );
    const header = fc.tuple(name, text).map(([key, value]) => `${key}: ${value}\r\n`);
    const status = fc.oneof(fc.integer({ min: 0, max: 1200 }), fc.constantFrom(100, 101, 102, 103, 200, 304));
    const head = fc
      .tuple(status, text, fc.array(header, { maxLength: 4 }))
      .map(
        ([code, reason, headers]) =>
          `HTTP/1.1 ${String(code).padStart(3, "0")} ${reason}\r\n${headers.join("")}\r\n`,
      );
    const body = fc.oneof(text, fc.constant("3\r\nabc\r\n0\r\nX-T: \u0080\r\n\r\n"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(head, { minLength: 1, maxLength: 3 }),
        body,
        fc.boolean(),
        async (heads, rest, isUpgrade) => {
          await ask(heads.join("") + rest, isUpgrade ? UPGRADE : "");
        },
      ),
      { numRuns: 150 },
    );
    expect(await ask(`HTTP/1.1 200 OK\r\n${END}`)).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
