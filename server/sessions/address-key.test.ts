import { expect, test } from "vitest";
import { addressKey } from "./address-key.ts";

test("an IPv6 client counts by its /64, however the address is written", () => {
  const key = addressKey("2001:db8:0:1::1");
  expect(key).toBe("2001:db8:0:1::/64");
  expect(addressKey("2001:db8:0:1:ffff:ffff:ffff:ffff")).toBe(key);
  expect(addressKey("2001:0DB8:0000:0001:0:0:0:2")).toBe(key);
  expect(addressKey("2001:db8:0:2::1")).not.toBe(key);
});

test("an IPv4 client counts by its address, also in IPv6 clothes", () => {
  expect(addressKey("192.0.2.1")).toBe("192.0.2.1");
  expect(addressKey("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(addressKey(null)).toBe("unknown");
});
