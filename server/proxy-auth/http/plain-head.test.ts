import { describe, expect, it } from "vitest";
import { parsePlainHead } from "./plain-head.ts";

const head = (...lines: string[]) => `${lines.join("\r\n")}\r\n\r\n`;
const LINE = "GET http://h/ HTTP/1.1";

describe("parsePlainHead", () => {
  it("reads names, values without blanks around them, and the password", () => {
    const read = parsePlainHead(head(LINE, "Host: h", "X: \t a b\xa0 ", "Proxy-Authorization: Basic YTpi"));
    expect(read).toEqual({
      method: "GET",
      url: "http://h/",
      authorization: "Basic YTpi",
      headers: ["Host", "h", "X", "a b\xa0", "Proxy-Authorization", "Basic YTpi"],
      isLast: false,
    });
  });

  it.each([
    ["Connection: close", true],
    ["Connection: keep-alive, Close", true],
    ["Proxy-Connection: close", true],
    ["Connection: closed", false],
    ["Connection: keep-alive", false],
  ])("knows from %s whether it is the last request", (line, isLast) => {
    expect(parsePlainHead(head(LINE, "Host: h", line))?.isLast).toBe(isLast);
  });

  it.each([
    ["a body", LINE, "Host: h", "Content-Length: 1"],
    ["a length of nothing", LINE, "Host: h", "Content-Length: 0"],
    ["chunks", LINE, "Host: h", "Transfer-Encoding: chunked"],
    ["an upgrade", LINE, "Host: h", "Connection: upgrade", "Upgrade: websocket"],
    ["an expectation", LINE, "Host: h", "Expect: 100-continue"],
    ["trailers", LINE, "Host: h", "Trailer: x"],
    ["another method", "POST http://h/ HTTP/1.1", "Host: h"],
    ["HTTP/1.0", "GET http://h/ HTTP/1.0", "Host: h"],
    ["no Host", LINE, "X: 1"],
    ["Host twice", LINE, "Host: h", "host: g"],
    ["two passwords", LINE, "Host: h", "Proxy-Authorization: Basic YTpi", "proxy-authorization: Basic YzpK"],
    ["a folded line", LINE, "Host: h", "X: a", " b"],
    ["a bare CR", LINE, "Host: h", "X: a\rb"],
    ["a bare LF", LINE, "Host: h", "X: a\nb"],
    ["NUL", LINE, "Host: h", "X: a\0b"],
    ["a space before the colon", LINE, "Host : h"],
    ["a nameless line", LINE, "Host: h", ": x"],
    ["a line without a colon", LINE, "Host: h", "X"],
    ["blanks in the URL", "GET http://h/ x HTTP/1.1", "Host: h"],
  ])("leaves %s to node:http", (_what, ...lines) => {
    expect(parsePlainHead(head(...lines))).toBeNull();
  });
});
