import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseLogName } from "#lib/logs/log-names.ts";
import { createLogger } from "#server/logger.ts";
import { keepLogFiles } from "./keep-log-files.ts";
import { limitRepeats } from "./limit-repeats.ts";
import { LogFile } from "./log-file.ts";

const DAY_MS = 86_400_000;
const limits = { fileBytes: 10_000, totalBytes: 1_000_000, keepMs: 14 * DAY_MS };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-logs-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(directory, name), "utf8");
const numbers = () =>
  readdirSync(directory)
    .sort((a, b) => Number(a === "web.log") - Number(b === "web.log") || a.localeCompare(b))
    .flatMap((name) => read(name).trimEnd().split("\n"));

describe("a log file", () => {
  it("loses and doubles no line over many rotations", () => {
    const file = new LogFile(join(directory, "web.log"), limits);
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} of the test`);
    for (const line of lines) file.write(`${line}\n`);
    expect(readdirSync(directory).length).toBeGreaterThan(5);
    expect(numbers()).toEqual(lines);
  });

  it("loses no line when two processes write and rotate the same file", () => {
    const [a, b] = [0, 1].map(() => new LogFile(join(directory, "web.log"), limits));
    for (let index = 0; index < 4_000; index++) (index % 2 === 0 ? a : b)?.write(`${index} of two\n`);
    expect(numbers().sort((x, y) => Number.parseInt(x, 10) - Number.parseInt(y, 10))).toEqual(
      Array.from({ length: 4_000 }, (_, index) => `${index} of two`),
    );
  });

  it("is put aside when it is a day old, and old ones go by age", () => {
    let now = Date.now();
    const file = new LogFile(join(directory, "web.log"), limits, () => now);
    for (let day = 0; day < 20; day++) {
      file.write(`day ${day}\n`);
      now += DAY_MS + 1;
    }
    const kept = numbers();
    expect(kept.at(-1)).toBe("day 19");
    expect(kept.length).toBeGreaterThanOrEqual(14);
    expect(kept.length).toBeLessThanOrEqual(16);
  });

  it("holds the directory's total below its cap, the oldest of any program first", () => {
    const small = { ...limits, totalBytes: 50_000 };
    for (const program of ["controller", "web"]) {
      const file = new LogFile(join(directory, `${program}.log`), small);
      for (let index = 0; index < 5_000; index++) file.write(`line ${index} of ${program}\n`);
      const total = readdirSync(directory).reduce(
        (sum, name) => sum + statSync(join(directory, name)).size,
        0,
      );
      expect(total).toBeLessThanOrEqual(60_000);
    }
    expect(numbers().at(-1)).toBe("line 4999 of web");
  });

  it("follows its name when somebody moved it", () => {
    let now = Date.now();
    const file = new LogFile(join(directory, "web.log"), limits, () => now);
    file.write("one\n");
    rmSync(join(directory, "web.log"));
    now += 1_001;
    file.write("two\n");
    expect(read("web.log")).toBe("two\n");
  });

  it("never throws, and tells how many lines a refusing disk cost", () => {
    const file = new LogFile(join(directory, "gone", "web.log"), limits);
    file.write("lost\n");
    file.write("lost\n");
    const moved = new LogFile(join(directory, "web.log"), limits);
    moved.write("kept\n");
    expect(read("web.log")).toBe("kept\n");
  });
});

describe("files of programs that are not ours", () => {
  it("are copied and emptied under a program that goes on appending", () => {
    writeFileSync(join(directory, "postgres.log"), "x".repeat(20_000));
    keepLogFiles({ directory, limits, now: Date.now(), reopener: () => null });
    appendFileSync(join(directory, "postgres.log"), "new\n");
    expect(read("postgres.log")).toBe("new\n");
    const aside = readdirSync(directory).find((name) => parseLogName(name)?.rotatedAt);
    expect(aside && read(aside).length).toBe(20_000);
  });

  it("are renamed when the program can open them anew", () => {
    writeFileSync(join(directory, "traefik-access.log"), "x".repeat(20_000));
    const reopen = vi.fn();
    const reopener = (program: string) => (program === "traefik" ? reopen : null);
    keepLogFiles({ directory, limits, now: Date.now(), reopener });
    expect(reopen).toHaveBeenCalledOnce();
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("are left alone when small, and ours always", () => {
    writeFileSync(join(directory, "redis.log"), "small\n");
    writeFileSync(join(directory, "proxy-auth-a1b2.log"), "x".repeat(20_000));
    keepLogFiles({ directory, limits, now: Date.now(), reopener: () => null });
    expect(readdirSync(directory).sort()).toEqual(["proxy-auth-a1b2.log", "redis.log"]);
  });
});

describe("a logger with a directory", () => {
  it("writes JSON lines without secrets, and no destination in a door's errors", () => {
    const options = { LOG_DIR: directory, LOG_STDOUT: "0" } as const;
    const error = Object.assign(new Error("connect ECONNREFUSED 93.184.216.34:443"), {
      address: "93.184.216.34",
    });
    createLogger("proxy-auth", options).error({ err: error, password: "hunter22", userId: "u" }, "failed");
    const record = JSON.parse(read("proxy-auth.log"));
    expect(record).toMatchObject({ level: "error", program: "proxy-auth", msg: "failed", userId: "u" });
    expect(read("proxy-auth.log")).not.toMatch(/hunter22|93\.184/);
    createLogger("controller", options).error({ err: error }, "failed");
    expect(read("controller.log")).toContain("93.184.216.34");
  });

  it("has a file of its own on each host when asked to", () => {
    createLogger("web", { LOG_DIR: directory, LOG_STDOUT: "0", LOG_PER_HOST: "1" }).info("here");
    expect(readdirSync(directory)[0]).toMatch(/^web-.+\.log$/);
    expect(parseLogName(readdirSync(directory)[0] ?? "")?.program).toBe("web");
  });
});

it("what strangers repeat is written twenty times, then counted", () => {
  const warn = vi.fn();
  const limited = limitRepeats({ warn, debug: vi.fn(), info: vi.fn(), error: vi.fn() });
  for (let index = 0; index < 1_000; index++) limited.log("warn", "http", { index }, "wrong password");
  limited.log("warn", "socks", {}, "wrong password");
  limited.flush();
  expect(warn).toHaveBeenCalledTimes(22);
  expect(warn).toHaveBeenLastCalledWith({ repeated: 980 }, "wrong password");
});
