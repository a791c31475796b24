import { expect, test } from "vitest";
import { buildFinalRules, parseAllowedTarget } from "./private-targets.ts";

test.each([
  ["10.1.0.0/16", "10.1.0.0/16", null],
  ["10.1.2.3", "10.1.2.3/32", null],
  ["10.1.2.3:8080", "10.1.2.3/32", 8080],
  ["127.0.0.0/8:443", "127.0.0.0/8", 443],
  ["[fd00::/8]:443", "fd00::/8", 443],
  ["[::1]", "::1/128", null],
])("reads %s", (text, cidr, port) => {
  expect(parseAllowedTarget(text)).toEqual({ cidr, port });
});

test.each(["", "example.com", "10.0.0.0/33", "10.0.0.1:0", "10.0.0.1:70000", "fd00::/8:443", "10.0.0.0/8/8"])(
  "refuses “%s” in words",
  (text) => {
    expect(() => parseAllowedTarget(text)).toThrow("ALLOWED_PRIVATE_TARGETS");
  },
);

test("an address with its port beats own listeners, which beat an allowed network, which beats the rest", () => {
  const rules = buildFinalRules({
    allowedPrivateTargets: ["127.0.0.0/8", "127.0.0.1:9002"],
    ownPorts: [9002, 8443],
    ownAddresses: ["198.51.100.7"],
  });
  expect(rules.map(({ action }) => action)).toEqual(["allow", "block", "allow", "block"]);
  expect(rules[0]).toMatchObject({ ip: ["127.0.0.1/32"], port: "9002" });
  expect(rules[1]?.port).toBe("9002,8443");
  expect(rules[1]?.ip).toContain("198.51.100.7");
  expect(rules[2]).toMatchObject({ ip: ["127.0.0.0/8"] });
  expect(rules[3]?.ip).toContain("169.254.0.0/16");
});

test("nothing private is allowed by default", () => {
  const rules = buildFinalRules({ allowedPrivateTargets: [], ownPorts: [], ownAddresses: [] });
  expect(rules.map(({ action }) => action)).toEqual(["block"]);
});
