import { expect, it } from "vitest";
import { PasswordThrottle } from "./password-throttle.ts";

it("counts wrong passwords by name and IPv4 address or IPv6 /64", () => {
  let now = 0;
  const throttle = new PasswordThrottle({ now: () => now });
  for (let guess = 0; guess < 10; guess++) {
    expect(throttle.isBlocked("2001:db8::1", "ada")).toBe(false);
    throttle.failed(guess % 2 ? `2001:db8::${guess + 1}` : `2001:db8:0:0:${guess + 1}::7`, "ada");
  }
  expect(throttle.isBlocked("2001:db8::ffff:1", "ada")).toBe(true);
  expect(throttle.isBlocked("2001:db8:0:1::1", "ada")).toBe(false);
  expect(throttle.isBlocked("2001:db8::1", "eve")).toBe(false);
  expect(throttle.isBlocked("192.0.2.1", "ada")).toBe(false);
  now += 6_000;
  expect(throttle.isBlocked("2001:db8::1", "ada")).toBe(false);
});
