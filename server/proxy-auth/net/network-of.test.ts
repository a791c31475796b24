import { expect, it } from "vitest";
import { networkOf } from "./network-of.ts";

it("takes a /64 for one client, however its addresses are written", () => {
  expect(networkOf("2001:db8::1")).toBe(networkOf("2001:0DB8:0:0:ffff::7"));
  expect(networkOf("2001:db8:0:1::1")).not.toBe(networkOf("2001:db8::1"));
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
});
