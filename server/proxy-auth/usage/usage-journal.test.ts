import { randomUUID } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { noConnections } from "#lib/door-connections.ts";
import type { UsageDelta } from "./accounts.ts";
import { UsageJournal } from "./usage-journal.ts";

const directory = await mkdtemp(join(tmpdir(), "journal-"));
const newPath = async () => join(directory, randomUUID(), "usage.journal");
afterAll(() => rm(directory, { recursive: true, force: true }));
const ada = randomUUID();
const bob = randomUUID();
const delta = (userId: string, upBytes: number, downBytes = 0): UsageDelta => ({
  userId,
  door: "http",
  upBytes,
  downBytes,
});
let time = Date.parse("2026-01-01T00:00:00Z");
const clock = { now: () => time };

describe("UsageJournal", () => {
  it("keeps boot and numbers across restarts and sends the same batch again", async () => {
    const path = await newPath();
    const { journal } = await UsageJournal.open(path, clock);
    await journal.write([delta(ada, 5)], true);
    const first = journal.outstanding;
    await journal.write([delta(ada, 7), delta(bob, 1)], true);
    expect(journal.outstanding).toEqual(first);
    await journal.close();

    const again = (await UsageJournal.open(path, clock)).journal;
    expect(again.outstanding).toEqual(first);
    expect(again.unacked()).toEqual(
      new Map([
        [ada, 12],
        [bob, 1],
      ]),
    );
    await again.acknowledge(first?.seq ?? 0, 1);
    await again.write([], true);
    expect(again.outstanding).toMatchObject({
      boot: first?.boot,
      seq: 2,
      entries: [
        { userId: ada, upBytes: 7 },
        { userId: bob, upBytes: 1 },
      ],
    });
    await again.close();
  });

  it("ignores a torn last line and goes on", async () => {
    const path = await newPath();
    const { journal } = await UsageJournal.open(path, clock);
    await journal.write([delta(ada, 5)], false);
    await journal.close();
    await appendFile(path, '12345678 {"kind":"delta","entr');
    const { journal: again, isDamaged } = await UsageJournal.open(path, clock);
    expect(isDamaged).toBe(false);
    await again.write([delta(ada, 1)], false);
    expect(again.unacked().get(ada)).toBe(6);
    await again.close();
    const { journal: last } = await UsageJournal.open(path, clock);
    expect(last.unacked().get(ada)).toBe(6);
    await last.close();
  });

  it("begins a new boot after damage inside, so that no number is used twice", async () => {
    const path = await newPath();
    const { journal } = await UsageJournal.open(path, clock);
    await journal.write([delta(ada, 5)], true);
    const boot = journal.outstanding?.boot;
    await journal.write([delta(ada, 6)], false);
    await journal.close();
    const lines = (await readFile(path, "utf8")).split("\n");
    lines[1] = (lines[1] ?? "").replace("batch", "bXtch");
    await writeFile(path, lines.join("\n"));
    const { journal: again, isDamaged } = await UsageJournal.open(path, clock);
    expect(isDamaged).toBe(true);
    await again.write([], true);
    expect(again.outstanding?.seq).toBe(1);
    expect(again.outstanding?.boot).not.toBe(boot);
    expect(again.outstanding?.entries).toMatchObject([{ upBytes: 6 }]);
    await again.close();
  });

  it("begins a new boot when the panel has seen higher numbers", async () => {
    const { journal } = await UsageJournal.open(await newPath(), clock);
    await journal.write([delta(ada, 5)], true);
    const boot = journal.outstanding?.boot;
    await journal.acknowledge(1, 40);
    await journal.write([delta(ada, 5)], true);
    expect(journal.outstanding).toMatchObject({ seq: 1 });
    expect(journal.outstanding?.boot).not.toBe(boot);
    await journal.close();
  });

  it("stays small while the panel is away for a week", async () => {
    const { journal } = await UsageJournal.open(await newPath(), clock);
    const users = Array.from({ length: 100 }, () => randomUUID());
    for (let i = 0; i < 300; i++) {
      time += 40 * 60_000;
      await journal.write(
        users.map((user) => delta(user, 1)),
        i === 0,
      );
    }
    expect(journal.entries).toBeLessThan(21_000);
    expect(journal.size).toBeLessThan(9_000_000);
    expect([...journal.unacked().values()].every((bytes) => bytes === 300)).toBe(true);
    await journal.close();
  });

  it("loses nothing and counts nothing twice, whatever the order of writes, sends, lost answers and restarts", async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("write" as const),
        bytes: fc.integer({ min: 1, max: 999 }),
        canSend: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("send" as const), isAnswerLost: fc.boolean() }),
      fc.record({ kind: fc.constant("restart" as const), torn: fc.string({ maxLength: 20 }) }),
      fc.record({ kind: fc.constant("wait" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const path = await newPath();
        let { journal } = await UsageJournal.open(path, clock);
        const applied = new Map<string, number>();
        let total = 0;
        let opened = 0;
        let counted = 0;
        const send = async (isAnswerLost: boolean) => {
          const batch = journal.outstanding;
          if (!batch) return;
          const last = applied.get(batch.boot) ?? 0;
          if (batch.seq > last) {
            expect(batch.seq).toBe(last + 1);
            applied.set(batch.boot, batch.seq);
            for (const entry of batch.entries) {
              total += entry.upBytes;
              opened += entry.connections?.opened ?? 0;
            }
          }
          if (!isAnswerLost) await journal.acknowledge(batch.seq, applied.get(batch.boot) ?? 0);
        };
        for (const it of steps) {
          if (it.kind === "write") {
            const connections = { ...noConnections(), opened: it.bytes };
            await journal.write([{ ...delta(ada, it.bytes), connections }], it.canSend);
            counted += it.bytes;
          } else if (it.kind === "send") await send(it.isAnswerLost);
          else if (it.kind === "wait") time += 200_000;
          else {
            await journal.close();
            await appendFile(path, it.torn.replaceAll("\n", ""));
            ({ journal } = await UsageJournal.open(path, clock));
          }
        }
        await send(false);
        await journal.write([], true);
        await send(false);
        expect([total, opened]).toEqual([counted, counted]);
        await journal.close();
      }),
      { numRuns: 60 },
    );
  });
});
