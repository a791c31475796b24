import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { identify, isAlive, processesIn, startTimeOf, stopProcesses } from "./process-table.ts";

describe("a process", () => {
  it("is alive only under its own start time", () => {
    const self = identify(process.pid);
    if (self === null) throw new Error("we do not live");
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ ...self, startTime: "1" })).toBe(false);
    expect(startTimeOf(2 ** 22 + 1)).toBeNull();
  });

  it("is found by the directory it works in, and stopped", async () => {
    const child = spawn("sleep", ["60"], { cwd: "/usr/bin" });
    await once(child, "spawn");
    const found = processesIn("/usr/bin").filter(({ pid }) => pid === child.pid);
    expect(found).toHaveLength(1);
    await stopProcesses(found, { patienceMs: 1_000 });
    expect(found.some(isAlive)).toBe(false);
  });
});
