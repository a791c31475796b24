import { describe, expect, it } from "vitest";
import { decodeJoinToken, encodeJoinToken } from "./join-token.ts";

const token = { url: "https://vpn.example.org:10443", caFingerprint: "ab".repeat(32), secret: "s_-1" };

describe("a join token", () => {
  it("comes back as it went, in one word that no shell changes", () => {
    for (const value of [token, { ...token, caFingerprint: null }]) {
      expect(encodeJoinToken(value)).toMatch(/^cwn_[A-Za-z0-9_-]+$/);
      expect(decodeJoinToken(` ${encodeJoinToken(value)}\n`)).toEqual(value);
    }
  });

  it.each(["", "cwn_", "cwy_abc", encodeJoinToken(token).slice(0, -9), "cwn_bm90IGpzb24"])(
    "refuses %j",
    (text) => expect(decodeJoinToken(text)).toBeNull(),
  );

  it("refuses an address without TLS", () =>
    expect(decodeJoinToken(encodeJoinToken({ ...token, url: "http://vpn.example.org" }))).toBeNull());
});
