import { expect, test } from "vitest";
import { parseAccessLine } from "./access-log.ts";
import { parseReport, splitAddress } from "./report.ts";

const ID = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";

test("an accepted line gives user and source, and drops the destination", () => {
  const line = `2026/11/23 12:00:00.123456 from 203.0.113.9:5123 accepted tcp:secret.example:443 [direct >> freedom] email: ${ID}.direct`;
  const parsed = parseAccessLine(line);
  expect(parsed).toEqual({
    kind: "accepted",
    userId: ID,
    inboundTag: "direct",
    ip: "203.0.113.9",
    port: 5123,
  });
  expect(JSON.stringify(parsed)).not.toContain("secret.example");
});

test("mux and IPv6 sources are read", () => {
  const line = (source: string) =>
    `x from ${source} accepted udp:1.1.1.1:53 [edge -> freedom] email: ${ID}.edge`;
  expect(parseAccessLine(line("tcp:10.0.0.1:99"))).toMatchObject({ ip: "10.0.0.1", port: 99 });
  expect(parseAccessLine(line("[2001:db8::2]:39844"))).toMatchObject({ ip: "2001:db8::2", port: 39844 });
});

test("a rejected line keeps the reason but not the whole VLESS id", () => {
  const line = `2026/11/23 12:00:00 from 127.0.0.1:4 rejected  proxy/vless/encoding: invalid request user id: ${ID}`;
  expect(parseAccessLine(line)).toEqual({
    kind: "rejected",
    ip: "127.0.0.1",
    port: 4,
    reason: "proxy/vless/encoding: invalid request user id: 2c41…",
  });
});

test.each(["", "hello", "from nowhere accepted x", "from 1.2.3.4:5 accepted tcp:a:1 email: someone"])(
  "“%s” is nothing for us",
  (line) => {
    expect(parseAccessLine(line)).toBeNull();
  },
);

test("a webhook report keeps who and where from only", () => {
  const body = { email: `${ID}.edge`, source: "[::ffff:198.51.100.4]:77", destination: "secret.example:443" };
  expect(parseReport(body)).toEqual({ userId: ID, inboundTag: "edge", ip: "198.51.100.4", port: 77 });
  for (const wrong of [null, "x", {}, { ...body, email: null }, { ...body, source: "nowhere" }]) {
    expect(parseReport(wrong)).toBeNull();
  }
});

test.each([
  ["1.2.3.4:5", { ip: "1.2.3.4", port: 5 }],
  ["[::1]:6", { ip: "::1", port: 6 }],
  ["[fe80::1%eth0]:7", { ip: "fe80::1", port: 7 }],
  ["1.2.3.4:0", null],
  ["1.2.3.4", null],
  ["host:1", null],
])("address %s", (text, address) => {
  expect(splitAddress(text)).toEqual(address);
});
