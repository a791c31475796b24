import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogLine } from "#lib/schemas/log.ts";
import { runVpn } from "../testing/run-vpn.ts";
import { formatLogLine } from "./format-log-line.ts";
import { createLocalReader } from "./local-log-reader.ts";
import { followLines } from "./read-lines.ts";

const dataDir = mkdtempSync(join(tmpdir(), "causeway-cli-logs-"));
const file = (name: string) => join(dataDir, "logs", name);
const NOW = Date.parse("2026-11-23T13:00:00Z");
const line = (minute: number, msg: string, rest: object = {}) =>
  `${JSON.stringify({ level: "info", time: new Date(NOW - minute * 60_000).toISOString(), program: "web", msg, ...rest })}\n`;

beforeAll(() => {
  mkdirSync(join(dataDir, "logs"));
  writeFileSync(file("web.log.20261123T110000000Z"), line(180, "oldest") + line(150, "older"));
  writeFileSync(
    file("web.log"),
    line(30, "newer", { requestId: "r-1" }) + line(1, "newest", { level: "warn" }),
  );
  writeFileSync(file("redis.log"), "1:M 23 Nov 2026 12:50:00.000 # memory cannot be had\n");
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const logs = async (...args: string[]) => runVpn(["logs", ...args], { dataDir, now: NOW });
const messages = async (...args: string[]) => {
  const { out } = await logs(...args, "--json");
  return out === "" ? [] : out.split("\n").map((text) => (JSON.parse(text) as LogLine).msg);
};

describe("vpn logs", () => {
  it.each([
    [[], ["oldest", "older", "newer", "memory cannot be had", "newest"]],
    [
      ["web", "-n", "2"],
      ["newer", "newest"],
    ],
    [
      ["--since", "1h"],
      ["newer", "memory cannot be had", "newest"],
    ],
    [
      ["--level", "warn"],
      ["memory cannot be had", "newest"],
    ],
    [["--request-id", "r-1"], ["newer"]],
    [
      ["web", "--grep", "OLD"],
      ["oldest", "older"],
    ],
    [["--until", "2026-11-23T10:15:00Z"], ["oldest"]],
  ])("%j", async (args, expected) => expect(await messages(...args)).toEqual(expected));

  it("prints for people, and says which programs there are", async () => {
    const { out } = await logs("redis");
    expect(out).toBe("12:50:00.000 warn  redis      memory cannot be had");
    const wrong = await logs("nonsense");
    expect(wrong).toMatchObject({ code: 2, errors: [expect.stringContaining("redis, web")] });
  });

  it("follows across a rotation, each line once", async () => {
    const seen: string[] = [];
    writeFileSync(file("controller.log"), "");
    const stop = new Error("stop");
    const now = Date.now();
    const entry = (index: number) =>
      `${JSON.stringify({ level: "info", time: new Date(now + index).toISOString(), program: "controller", msg: String(index) })}\n`;
    let count = 0;
    const writer = setInterval(() => {
      if (count === 5) renameSync(file("controller.log"), file("controller.log.20261123T130000000Z"));
      if (count < 10) appendFileSync(file("controller.log"), entry(count));
      count += 1;
    }, 10);
    await followLines({
      reader: createLocalReader(join(dataDir, "logs"), undefined),
      query: { program: "controller" },
      shown: [],
      everyMs: 15,
      now: () => now,
      onLines: (lines) => {
        seen.push(...lines.map(({ msg }) => msg));
        if (seen.length >= 10) throw stop;
      },
      onTrouble: () => {
        if (seen.length >= 10) throw stop;
      },
    }).catch((error) => expect(error).toBe(stop));
    clearInterval(writer);
    expect(seen).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  });
});

it("a line fits the terminal, and an error shows where it happened", () => {
  const terminal = { out: () => {}, error: () => {}, columns: 60, isColored: false, ask: null } as never;
  const time = "2026-11-23T12:00:00.000Z";
  const base = { id: "1", time, program: "proxy-auth", requestId: null, traceId: null, userId: null };
  const text = formatLogLine(
    terminal,
    {
      ...base,
      level: "error",
      msg: "a proxied request failed",
      fields: { err: { message: "x".repeat(100), stack: "Error: x\n    at a (b.ts:1)\n    at c (d.ts:2)" } },
    },
    "2026-11-23",
  );
  const [first = "", ...rest] = text.split("\n");
  expect(first.length).toBeLessThanOrEqual(60);
  expect(first).toMatch(/^12:00:00.000 error proxy-auth a proxied request failed x.*…$/);
  expect(rest).toEqual(["    at a (b.ts:1)", "    at c (d.ts:2)"]);
  const info = formatLogLine(
    { ...(terminal as object), columns: 80 } as never,
    {
      ...base,
      level: "info",
      msg: "request",
      fields: { method: "GET", route: "/users", status: 200, ms: 3 },
    },
    "2026-11-24",
  );
  expect(info).toBe("2026-11-23 12:00:00.000 info  proxy-auth GET /users 200 3 ms");
});
