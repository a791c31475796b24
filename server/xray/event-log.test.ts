import { expect, test } from "vitest";
import { parseXrayEvent } from "./event-log.ts";

const ID = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";

test("an event has its level and text, without a VLESS id", () => {
  const line = `2026/11/23 12:00:00.123456 [Warning] [42] proxy/vless: bad ${ID} of ${ID}.direct`;
  expect(parseXrayEvent(line)).toEqual({
    level: "warn",
    source: "proxy/vless",
    text: `proxy/vless: bad … of ${ID}.direct`,
  });
  expect(parseXrayEvent("2026/11/23 12:00:00 [Error] core: x")?.level).toBe("error");
});

test.each(["", `2026/11/23 12:00:00 from 1.2.3.4:5 accepted tcp:a:1 email: ${ID}.x`, "panic: boom"])(
  "“%s” is no event",
  (line) => expect(parseXrayEvent(line)).toBeNull(),
);
