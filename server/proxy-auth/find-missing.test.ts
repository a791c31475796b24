import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findMissing } from "./find-missing.ts";
import { MAX_STALE_MS, Replica } from "./replica/replica.ts";
import { UsageJournal } from "./usage/usage-journal.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "missing-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function makeParts() {
  let now = 1_000_000_000;
  const clock = { now: () => now };
  const replica = new Replica({ clock, onChange: () => {} });
  const state = { isDiskRefusing: false, isRedisUp: true };
  return {
    clock,
    state,
    replica,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    load: () => replica.load({ revision: 1, key: Buffer.alloc(32), users: [], contactAt: now }),
    missing: () =>
      findMissing({
        replica,
        reporter: state,
        isRedisUp: async () => state.isRedisUp,
      }),
  };
}

it("has no users to decide on before the first word from the panel", async () => {
  const { missing, load } = makeParts();
  expect(await missing()).toEqual(["replica", "panel"]);
  load();
  expect(await missing()).toEqual([]);
});

it("misses the panel after seconds and the replica after a day without it", async () => {
  const { missing, load, pass } = makeParts();
  load();
  pass(14_000);
  expect(await missing()).toEqual([]);
  pass(2_000);
  expect(await missing()).toEqual(["panel"]);
  pass(MAX_STALE_MS);
  expect(await missing()).toEqual(["replica", "panel"]);
});

it("names Redis and a journal that cannot be written", async () => {
  const { missing, load, state } = makeParts();
  load();
  state.isRedisUp = false;
  state.isDiskRefusing = true;
  expect(await missing()).toEqual(["redis", "journal"]);
});

it("knows since when usage waits, whatever comes behind it", async () => {
  const { clock, pass } = makeParts();
  const { journal } = await UsageJournal.open(join(directory, "usage.journal"), clock);
  const delta = { userId: crypto.randomUUID(), door: "http" as const, upBytes: 1, downBytes: 1 };
  expect(journal.oldestSeconds).toBe(0);
  await journal.write([delta], true);
  for (let minute = 0; minute < 3; minute += 1) {
    pass(60_000);
    await journal.write([delta], false);
  }
  expect(journal.oldestSeconds).toBe(180);
  await journal.acknowledge(1, 1);
  expect(journal.oldestSeconds).toBe(120);
  await journal.write([], true);
  await journal.acknowledge(2, 2);
  expect(journal.oldestSeconds).toBe(0);
  await journal.close();
});
