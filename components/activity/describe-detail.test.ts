import { describe, expect, it } from "vitest";
import { describeDetail } from "./describe-detail.ts";

describe("describeDetail", () => {
  it.each([
    ["limitBytes", 10_000_000_000, "10 GB"],
    ["expiresAt", "2030-01-31T00:00:00Z", "2030-01-31 00:00 UTC"],
    ["expiresAt", null, null],
    ["kinds", ["vless", "proxy"], "vless, proxy"],
    ["sessions", 3, "3"],
    ["note", "", null],
    ["other", { a: 1 }, '{"a":1}'],
  ])("says %s %j", (field, value, text) => expect(describeDetail(field, value)).toBe(text));
});
