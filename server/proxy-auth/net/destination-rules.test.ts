import fc from "fast-check";
import { expect, test } from "vitest";
import type { Destinations } from "#lib/schemas/group.ts";
import { compileDestinations } from "./destination-rules.ts";
import { parseTarget } from "./target.ts";

function ask(destinations: Destinations, host: string, port: number, address = "192.0.2.1"): boolean {
  const target = parseTarget(host, port);
  if (!target) throw new Error(`no target: ${host}`);
  return compileDestinations(destinations)(target, target.isLiteral ? target.host : address);
}
const rule = (action: "allow" | "deny", target: string, ports: string | null = null) => ({
  action,
  target,
  ports,
});

test("the first match decides, then what holds otherwise", () => {
  const rules: Destinations = {
    otherwise: "allow",
    rules: [
      rule("allow", "good.example.com"),
      rule("deny", "*.example.com"),
      rule("deny", "*", "25,6000-6100"),
      rule("deny", "198.51.100.0/24"),
      rule("deny", "2001:db8::/32"),
    ],
  };
  expect(ask(rules, "good.example.com", 443)).toBe(true);
  expect(ask(rules, "GOOD.example.com.", 443)).toBe(true);
  expect(ask(rules, "bad.example.com", 443)).toBe(false);
  expect(ask(rules, "a.b.example.com", 443)).toBe(false);
  expect(ask(rules, "example.com", 443)).toBe(true);
  expect(ask(rules, "badexample.com", 443)).toBe(true);
  expect(ask(rules, "mail.test", 25)).toBe(false);
  expect(ask(rules, "x.test", 6050)).toBe(false);
  expect(ask(rules, "x.test", 6101)).toBe(true);
  expect(ask(rules, "x.test", 443, "198.51.100.7")).toBe(false);
  expect(ask(rules, "x.test", 443, "::ffff:198.51.100.7")).toBe(false);
  expect(ask(rules, "198.51.100.7", 443)).toBe(false);
  expect(ask(rules, "[2001:db8::1]", 443)).toBe(false);
  expect(ask({ ...rules, otherwise: "deny" }, "elsewhere.test", 443)).toBe(false);
});

test("an address written out matches no domain, whatever it looks like", () => {
  const rules: Destinations = {
    otherwise: "deny",
    rules: [rule("allow", "*.1"), rule("allow", "192.0.2.9")],
  };
  expect(ask(rules, "192.0.2.1", 80)).toBe(false);
  expect(ask(rules, "192.0.2.9", 80)).toBe(true);
});

test("a network holds exactly its addresses", () => {
  fc.assert(
    fc.property(fc.nat(0xff), fc.nat(0xff), fc.nat(32), (third, fourth, bits) => {
      const given = ((10 << 24) | (20 << 16) | (third << 8) | fourth) >>> 0;
      const base = ((10 << 24) | (20 << 16) | (30 << 8) | 40) >>> 0;
      const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
      const expected = (given & mask) >>> 0 === (base & mask) >>> 0;
      const rules: Destinations = { otherwise: "deny", rules: [rule("allow", `10.20.30.40/${bits}`)] };
      expect(ask(rules, "x.test", 1, `10.20.${third}.${fourth}`)).toBe(expected);
    }),
  );
});
