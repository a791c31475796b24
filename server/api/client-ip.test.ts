import { expect, test } from "vitest";
import { clientIp } from "./client-ip.ts";

const ip = (value: string | null, trusted: string[] = []) =>
  clientIp(new Headers(value === null ? {} : { "x-forwarded-for": value }), trusted);

test("the last hop counts: what a client writes before it is ignored", () => {
  expect(ip("1.1.1.1, 203.0.113.9")).toBe("203.0.113.9");
  expect(ip("not-an-address, 203.0.113.9")).toBe("203.0.113.9");
});

test("our own proxies are skipped from the right only", () => {
  expect(ip("127.0.0.1, 203.0.113.9, 10.0.0.7", ["10.0.0.0/8", "127.0.0.1"])).toBe("203.0.113.9");
  expect(ip("127.0.0.1", ["127.0.0.1"])).toBe("127.0.0.1");
});

test("an address has one spelling", () => {
  expect(ip("::ffff:203.0.113.9")).toBe("203.0.113.9");
  expect(ip("2001:DB8:0::1")).toBe("2001:db8::1");
});

test("without the header nothing is known", () => {
  expect(ip(null)).toBeNull();
  expect(ip("unix:")).toBeNull();
});
