import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal } from "./journal.ts";

const ALICE = "11111111-1111-4111-8111-111111111111";
const BOB = "22222222-2222-4222-8222-222222222222";
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
  path = join(directory, "usage.ndjson");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const counters = (alice: number, bob = 0) =>
  new Map([
    [`${ALICE}.direct`, { upBytes: alice, downBytes: alice * 2 }],
    [`${BOB}.edge`, { upBytes: bob, downBytes: 0 }],
  ]);

test("both inbounds of a user add up to one entry, and a poll without news writes nothing", () => {
  const journal = new Journal(path);
  const traffic = new Map([
    [`${ALICE}.direct`, { upBytes: 1, downBytes: 2 }],
    [`${ALICE}.edge`, { upBytes: 10, downBytes: 20 }],
  ]);
  expect(journal.recordPoll({ core: "1:1", at: 1000, traffic })).toEqual([ALICE]);
  expect(journal.recordPoll({ core: "1:1", at: 1001, traffic })).toEqual([]);
  expect(journal.listBatches(10)).toEqual([
    { seq: 1, at: 1000, entries: [{ userId: ALICE, upBytes: 11, downBytes: 22 }] },
  ]);
});

test("another Xray counts from zero, and a counter that went back does too", () => {
  const journal = new Journal(path);
  journal.recordPoll({ core: "1:1", at: 0, traffic: counters(100) });
  journal.recordPoll({ core: "2:9", at: 1, traffic: counters(30) });
  journal.recordPoll({ core: "2:9", at: 2, traffic: counters(7) });
  expect(journal.unacknowledgedBytes(ALICE)).toBe(3 * (100 + 30 + 7));
});

test("a batch that was handed out never changes; an acknowledged one is gone, and its bytes no longer count", () => {
  const journal = new Journal(path);
  journal.recordPoll({ core: "1:1", at: 0, traffic: counters(1) });
  const [first] = journal.listBatches(10);
  journal.recordPoll({ core: "1:1", at: 1, traffic: counters(5) });
  expect(journal.listBatches(1)).toEqual([first]);
  expect(journal.unacknowledgedBytes(ALICE)).toBe(15);
  journal.acknowledge(1);
  expect(journal.unacknowledgedBytes(ALICE)).toBe(12);
  expect(journal.listBatches(10).map(({ seq }) => seq)).toEqual([2]);
});

test("days without a controller keep one sum a user and 5 minutes", () => {
  const journal = new Journal(path);
  for (let second = 5; second <= 1200; second += 5) {
    journal.recordPoll({ core: "1:1", at: second * 1000, traffic: counters(second, second) });
  }
  expect(journal.length).toBe(5);
  expect(journal.listBatches(1000).flatMap(({ entries }) => entries)).toHaveLength(10);
});

test("a torn last line is dropped and the next record stands on a line of its own", () => {
  const journal = new Journal(path);
  journal.recordPoll({ core: "1:1", at: 0, traffic: counters(5) });
  journal.close();
  appendFileSync(path, '{"kind":"poll","core":"1:1","at":1,"ba');
  const again = new Journal(path);
  again.recordPoll({ core: "1:1", at: 2, traffic: counters(9) });
  again.close();
  expect(new Journal(path).unacknowledgedBytes(ALICE)).toBe(27);
});

test("an unreadable journal is kept aside under another name, and the new one has another id", () => {
  const before = new Journal(path);
  before.close();
  writeFileSync(path, "garbage\n");
  expect(new Journal(path).journalId).not.toBe(before.journalId);
  expect(readFileSync(path, "utf8")).toContain('"kind":"journal"');
});

type Step = { kind: "traffic"; alice: number; bob: number } | { kind: "newCore" | "kill" | "fetch" | "ack" };
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("traffic" as const), alice: fc.nat(1000), bob: fc.nat(1000) }),
  fc.record({ kind: fc.constantFrom("newCore" as const, "kill" as const, "fetch" as const, "ack" as const) }),
);

test("whatever is killed when, the sum of the batches equals what Xray counted, and sequence numbers have no gap", () => {
  fc.assert(
    fc.property(
      fc.array(stepArbitrary, { maxLength: 40 }),
      fc.integer({ min: 0, max: 60 }),
      (steps, tear) => {
        rmSync(path, { force: true });
        let journal = new Journal(path);
        let [core, at, alice, bob, total] = [1, 0, 0, 0, 0];
        const received = new Map<number, string>();
        const fetchBatches = () => {
          for (const batch of journal.listBatches(100)) {
            const text = JSON.stringify(batch);
            expect(received.get(batch.seq) ?? text).toBe(text);
            received.set(batch.seq, text);
          }
        };
        for (const step of steps) {
          if (step.kind === "traffic") {
            alice += step.alice;
            bob += step.bob;
            total += 3 * step.alice + step.bob;
            journal.recordPoll({ core: `${core}:1`, at: at++ * 100_000, traffic: counters(alice, bob) });
          } else if (step.kind === "newCore") {
            [core, alice, bob] = [core + 1, 0, 0];
          } else if (step.kind === "kill") {
            journal.close();
            appendFileSync(
              path,
              '{"kind":"poll","core":"9:9","at":5,"base":[],"entries":[]}'.slice(0, tear % 58),
            );
            journal = new Journal(path);
          } else if (step.kind === "fetch") fetchBatches();
          else {
            const last = Math.max(0, ...received.keys());
            journal.acknowledge(last);
          }
        }
        fetchBatches();
        const sum = [...received.values()]
          .flatMap(
            (text) => (JSON.parse(text) as { entries: { upBytes: number; downBytes: number }[] }).entries,
          )
          .reduce((bytes, entry) => bytes + entry.upBytes + entry.downBytes, 0);
        expect(sum).toBe(total);
        expect([...received.keys()].sort((a, b) => a - b)).toEqual(
          Array.from(received, (_, index) => index + 1),
        );
        journal.close();
      },
    ),
    { numRuns: 30 },
  );
});

test("a copy of the file taken at any moment reads back the same", () => {
  const journal = new Journal(path);
  for (let round = 1; round < 30; round++) {
    journal.recordPoll({ core: "1:1", at: round * 200_000, traffic: counters(round * 10, round) });
    if (round % 3 === 0) journal.acknowledge(journal.listBatches(2).at(-1)?.seq ?? 0);
    copyFileSync(path, `${path}.copy`);
    const copy = new Journal(`${path}.copy`);
    expect([copy.length, copy.journalId, copy.unacknowledgedBytes(ALICE)]).toEqual([
      journal.length,
      journal.journalId,
      journal.unacknowledgedBytes(ALICE),
    ]);
    copy.close();
  }
});
