import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerReader } from "./answer-reader.ts";
import type { PlainHead } from "./plain-head.ts";

type Result = { out: string; isComplete: boolean; isKept: boolean } | null;

/** What the client gets when the origin's bytes come in these pieces. */
function read(text: string, cuts: readonly number[] = [], request = GET): Result {
  const reader = new AnswerReader(request);
  const bytes = Buffer.from(text, "latin1");
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  let out = "";
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    if (end === from) continue;
    const piece = reader.take(bytes.subarray(from, end));
    if (piece === null) return null;
    out += piece.out.toString("latin1");
    // What comes behind the end is never read.
    if (piece.isComplete) return { out, isComplete: true, isKept: piece.isKept && end === bytes.length };
    from = end;
  }
  return { out, isComplete: false, isKept: false };
}

const GET: Pick<PlainHead, "method" | "isLast"> = { method: "GET", isLast: false };
const OK = "HTTP/1.1 200 OK\r\n";
const VIA = "Via: 1.1 causeway\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

describe("AnswerReader", () => {
  it("passes a body of known length, and keeps the connection", () => {
    expect(read(`${OK}Content-Length: 2\r\nX: 1\r\n\r\nhi`)).toEqual({
      out: `${OK}Content-Length: 2\r\nX: 1\r\n${VIA}\r\nhi`,
      isComplete: true,
      isKept: true,
    });
  });

  it.each([
    ["more than it announced", `${OK}Content-Length: 2\r\n\r\nhi!`],
    ["Connection: close", `${OK}Connection: close\r\nContent-Length: 2\r\n\r\nhi`],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"],
    ["bytes behind the last chunk", `${CHUNKED}2\r\nhi\r\n0\r\n\r\nx`],
  ])("does not use a connection again after %s", (_what, text) => {
    const result = read(text);
    expect(result).toMatchObject({ isComplete: true, isKept: false });
    expect(result?.out).toMatch(/hi(\r\n0\r\n\r\n)?$/);
  });

  it("ends with the connection where nothing else tells the end, and says so", () => {
    expect(read(`${OK}\r\nabc`)).toEqual({
      out: `${OK}${VIA}Connection: close\r\n\r\nabc`,
      isComplete: false,
      isKept: false,
    });
  });

  it("takes no body for HEAD, 204 and 304, whatever their heads say", () => {
    const head = read(`${OK}Content-Length: 9\r\n\r\n`, [], { method: "HEAD", isLast: false });
    expect(head).toMatchObject({ isComplete: true, isKept: true });
    expect(head?.out).toContain("Content-Length: 9\r\n");
    expect(read("HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\nabc")).toEqual({
      out: `HTTP/1.1 204 No\r\n${VIA}\r\n`,
      isComplete: true,
      isKept: false,
    });
    expect(read("HTTP/1.1 304 No\r\nContent-Length: 3\r\n\r\n")?.isComplete).toBe(true);
  });

  it("drops what was meant for us, passes hints with their links, and cleans trailers", () => {
    const text = `HTTP/1.1 103 H\r\nLink: </a>\r\nSet-Cookie: a\r\n\r\nHTTP/1.1 100 C\r\n\r\n${OK}Connection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\nX-Sum: 7\r\n\r\n`;
    expect(read(text)?.out).toBe(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}${VIA}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 7\r\n\r\n`,
    );
  });

  it.each([
    ["no HTTP", "SSH-2.0-x\r\n\r\n"],
    ["an upgrade nobody asked for", "HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\n"],
    ["two lengths", `${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi`],
    ["length and chunks", `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["a length with a sign", `${OK}Content-Length: +2\r\n\r\nhi`],
    ["an unknown coding", `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a folded line", `${OK}X: a\r\n b\r\n\r\n`],
    ["a bare LF in the head", `${OK}X: a\nY: b\r\n\r\n`],
    ["a size that is no number", `${CHUNKED}zz\r\n`],
    ["a size with a sign", `${CHUNKED}+2\r\nhi\r\n`],
    ["a size line that ends in LF alone", `${CHUNKED}2\nhi\r\n`],
    ["no line end behind a chunk", `${CHUNKED}2\r\nhi!!`],
    ["a trailer that is no field", `${CHUNKED}0\r\n no\r\n\r\n`],
    ["interim answers without end", `${"HTTP/1.1 102 P\r\n\r\n".repeat(17)}${OK}Content-Length: 0\r\n\r\n`],
    ["a head without end", `${OK}X: ${"a".repeat(70_000)}`],
  ])("does not take %s for an answer", (_what, text) => {
    expect(read(text)).toBeNull();
  });

  it("gives the same however the bytes arrive", () => {
    const body = fc.string({ unit: "binary-ascii", maxLength: 40 });
    const chunks = fc
      .array(
        body.filter((text) => text.length > 0),
        { maxLength: 4 },
      )
      .map((parts) => parts.map((part) => `${part.length.toString(16)};e=1\r\n${part}\r\n`).join(""));
    const answers = fc.oneof(
      body.map((text) => `${OK}X: 1\r\nContent-Length: ${text.length}\r\n\r\n${text}`),
      chunks.map((text) => `${CHUNKED}${text}0\r\nT: 1\r\n\r\n`),
      body.map((text) => `HTTP/1.1 103 H\r\nLink: </a>\r\n\r\n${OK}\r\n${text}`),
    );
    fc.assert(
      fc.property(answers, fc.array(fc.nat({ max: 10_000 }), { maxLength: 12 }), (text, cuts) => {
        expect(read(text, cuts)).toEqual(read(text));
      }),
      { numRuns: 500 },
    );
  });
});
