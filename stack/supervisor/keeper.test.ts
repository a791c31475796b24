import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Keeper as KeeperClass } from "./keeper.ts";
import type { ProgramSpec } from "./protocol.ts";

const directory = mkdtempSync(join(tmpdir(), "causeway-keeper-"));
let module: typeof import("./keeper.ts");
let isAlive: typeof import("#stack/process-table.ts").isAlive;

beforeAll(async () => {
  // The data directory is settled when paths.ts is read.
  process.env.CAUSEWAY_DATA_DIR = directory;
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(directory, "logs"));
  module = await import("./keeper.ts");
  ({ isAlive } = await import("#stack/process-table.ts"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const spec = (command: string, args: string[]): ProgramSpec => ({
  name: "sleeper",
  command,
  args,
  env: { PATH: "/usr/bin:/bin" },
  cwd: "/",
  stopSignal: "SIGTERM",
  patienceMs: 300,
  postgresDirectory: null,
  hasOwnLog: false,
});

async function until(check: () => boolean): Promise<void> {
  for (let waited = 0; !check(); waited += 10) {
    if (waited > 5_000) throw new Error("not within 5 s");
    await sleep(10);
  }
}

describe("a kept program", () => {
  let keeper: KeeperClass;

  it("comes back after kill -9, says so, and stays away after stop", async () => {
    const lines: string[] = [];
    keeper = new module.Keeper(spec("sleep", ["60"]), {
      onChange: () => {},
      onLog: (line) => lines.push(line),
    });
    keeper.start();
    const first = keeper.identity;
    if (first === null) throw new Error("it did not start");
    process.kill(first.pid, "SIGKILL");
    await until(() => keeper.identity !== null && keeper.identity.pid !== first.pid);
    expect(lines.join("\n")).toContain("sleeper ended (SIGKILL), starting it again in 50 ms");
    const second = keeper.identity;
    await keeper.stop();
    expect(second && isAlive(second)).toBe(false);
    await sleep(100);
    expect(keeper.identity === null || !isAlive(keeper.identity)).toBe(true);
  });

  it("is killed when it does not stop when asked", async () => {
    keeper = new module.Keeper(spec("sh", ["-c", "trap '' TERM; while :; do sleep 0.1; done"]), {
      onChange: () => {},
      onLog: () => {},
    });
    keeper.start();
    const { identity } = keeper;
    await sleep(100);
    await keeper.stop();
    expect(identity && isAlive(identity)).toBe(false);
  });

  it("is tried again, later and later, when its command cannot run", async () => {
    const lines: string[] = [];
    keeper = new module.Keeper(spec("/nowhere/program", []), {
      onChange: () => {},
      onLog: (line) => lines.push(line),
    });
    keeper.start();
    await until(() => lines.length >= 3);
    await keeper.stop();
    expect(lines.map((line) => /in (\d+) ms/.exec(line)?.[1]).slice(0, 3)).toEqual(["50", "100", "200"]);
  });

  it("waits at most 5 s between two starts", () => {
    expect([1, 2, 3, 8, 100].map((attempt) => module.restartDelayMs(attempt))).toEqual([
      50, 100, 200, 5_000, 5_000,
    ]);
  });
});
