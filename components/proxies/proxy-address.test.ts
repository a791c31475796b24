import { describe, expect, it } from "vitest";
import { maskPassword, readProxyAddress, shellQuote } from "./proxy-address.ts";

describe("readProxyAddress", () => {
  it.each([
    ["http://ada:p%40ss@vpn.example.org:8888", "http", "vpn.example.org", "8888"],
    ["socks5h://ada:secret@203.0.113.5:1080", "socks5h", "203.0.113.5", "1080"],
    ["http://ada:secret@[2001:db8::5]:8888", "http", "2001:db8::5", "8888"],
  ])("reads %s", (url, scheme, host, port) =>
    expect(readProxyAddress(url)).toEqual({ scheme, host, port, url }),
  );
});

describe("maskPassword", () => {
  it("leaves nothing of the password, encoded or not", () => {
    const masked = maskPassword("curl -x http://ada:p%40ss@host:1 # p@ss", "p@ss");
    expect(masked).toBe("curl -x http://ada:••••••••@host:1 # ••••••••");
  });
});

describe("shellQuote", () => {
  it("survives a quote", () => expect(shellQuote("it's")).toBe(`'it'\\''s'`));
});
