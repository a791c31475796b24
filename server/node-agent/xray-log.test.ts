import { expect, it, vi } from "vitest";
import type { Logger } from "#server/logger.ts";
import { createXrayLog } from "./xray-log.ts";

const ID = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";
const LINES = [
  `2026/11/23 12:00:00.123456 from 203.0.113.9:5123 accepted tcp:secret.example:443 [direct >> freedom] email: ${ID}.direct`,
  `2026/11/23 12:00:00.123456 from 203.0.113.9:5123 accepted tcp:secret.example:443 [api -> api]`,
  `2026/11/23 12:00:00 from 203.0.113.9:4 rejected  proxy/vless/encoding: invalid request user id: ${ID}`,
  "2026/11/23 12:00:00.1 [Warning] [7] proxy/freedom: failed to open connection to tcp:secret.example:443 > dial tcp 198.51.100.9:443: refused",
  "panic: secret.example",
];

function run(keepsDestinations: boolean) {
  const written: string[] = [];
  const write = (program: string) => (fields: object, msg: string) =>
    written.push(JSON.stringify({ program, ...fields, msg }));
  const logger = (program: string) =>
    ({
      info: write(program),
      warn: write(program),
      error: write(program),
      debug: write(program),
    }) as unknown as Logger;
  const onAccess = vi.fn();
  const onLine = createXrayLog({
    log: logger("node-agent"),
    xrayLog: logger("xray"),
    keepsDestinations,
    onAccess,
  });
  for (const line of LINES) onLine(line);
  return { written, onAccess };
}

it("what people visit goes to the agent alone, events to the log without addresses", () => {
  const { written, onAccess } = run(false);
  expect(onAccess.mock.calls.map(([{ kind }]) => kind)).toEqual(["accepted", "rejected"]);
  expect(written).toHaveLength(2);
  expect(written.join("\n")).not.toMatch(/secret\.example|198\.51\.100\.9|2c41f2d7-/);
  expect(written[0]).toContain("Xray rejected a VPN client");
  expect(written[1]).toContain("failed to open connection to tcp:…");
});

it("an operator who turned it on finds who visited what", () => {
  const { written } = run(true);
  expect(JSON.parse(written[0] ?? "")).toMatchObject({
    program: "xray",
    msg: "visited",
    userId: ID,
    door: "vpn",
    target: "tcp:secret.example:443",
  });
});
