import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogLine } from "../schemas/log.ts";
import type { LogSource } from "./read-lines-back.ts";
import { type LogSearch, searchLogs } from "./search-logs.ts";

const START = Date.parse("2026-11-23T12:00:00Z");
const encoder = new TextEncoder();
const at = (ms: number) => new Date(START + ms).toISOString();

type Entry = { ms: number; msg: string; level?: string };
const json = ({ ms, msg, level = "info" }: Entry, program: string) =>
  `${JSON.stringify({ level, time: at(ms), program, msg })}\n`;

let reads = 0;
function source(id: string, program: string, text: string, lastMs: number): LogSource {
  const bytes = encoder.encode(text);
  return {
    id,
    program,
    size: bytes.length,
    modifiedAt: START + lastMs,
    read: async (from, to) => {
      reads += to - from;
      return bytes.subarray(from, to);
    },
  };
}

const NO_FILTER: Omit<LogSearch, "streams"> = {
  filter: {},
  from: null,
  to: null,
  cursor: null,
  limit: 10,
  maxBytes: 1e9,
  maxMs: 60_000,
};

async function readAll(search: Omit<LogSearch, "cursor">): Promise<LogLine[]> {
  const items: LogLine[] = [];
  let cursor: string | null = null;
  do {
    const page = await searchLogs({ ...search, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

describe("searchLogs", () => {
  it("pages give every line once, newest first, whatever the files and the page size", async () => {
    const entries = fc.array(fc.nat(50), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(entries, { maxLength: 4 }),
        fc.integer({ min: 1, max: 20 }),
        async (all, limit) => {
          const streams = all.map((times, stream) => {
            const sorted = times.toSorted((a, b) => a - b);
            const half = Math.floor(sorted.length / 2);
            // Files of one stream, the newest first.
            return [sorted.slice(half), sorted.slice(0, half)].map((part, file) => {
              const text = part
                .map((ms, index) => json({ ms, msg: `${stream}/${file}/${index}` }, "web"))
                .join("");
              return source(`${stream}.${file}`, "web", text, part.at(-1) ?? 0);
            });
          });
          const seen = await readAll({ ...NO_FILTER, streams, limit });
          expect(seen.length).toBe(all.flat().length);
          expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
          expect(seen.map(({ time }) => time)).toEqual(
            seen
              .map(({ time }) => time)
              .toSorted()
              .reverse(),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  const many = Array.from({ length: 40_000 }, (_, index) => ({
    ms: index * 10,
    msg: `line ${index}`,
    level: index % 1_000 === 0 ? "error" : "info",
  }));
  const big = () => [[source("big", "web", many.map((entry) => json(entry, "web")).join(""), 400_000)]];

  it("finds an hour back by halving, without reading what is newer", async () => {
    reads = 0;
    const page = await searchLogs({ ...NO_FILTER, streams: big(), to: START + 50_000 });
    expect(page.items[0]).toMatchObject({ msg: "line 5000" });
    expect(reads).toBeLessThan(1_600_000);
  });

  it("finds words, levels and ids, and stops at `from`", async () => {
    const streams = big();
    const errors = await readAll({ ...NO_FILTER, streams, filter: { level: "warn" } });
    expect(errors).toHaveLength(40);
    const word = await searchLogs({ ...NO_FILTER, streams, filter: { text: "LINE 123" } });
    expect(word.items[0]?.msg).toBe("line 12399");
    const late = await readAll({ ...NO_FILTER, streams, filter: { level: "error" }, from: START + 390_000 });
    expect(late.map(({ msg }) => msg)).toEqual(["line 39000"]);
    const none = await searchLogs({ ...NO_FILTER, streams, filter: { program: "redis" } });
    expect(none.items).toEqual([]);
  });

  it("gives up after so many bytes, says how far it came, and goes on from there", async () => {
    const search = { ...NO_FILTER, streams: big(), filter: { text: "line 7 " }, maxBytes: 500_000 };
    const first = await searchLogs({ ...search, filter: { text: '"line 7"' } });
    expect(first.items).toEqual([]);
    expect(first.searchedUntil).not.toBeNull();
    const found = await readAll({ ...search, filter: { text: '"line 7"' } });
    expect(found.map(({ msg }) => msg)).toEqual(["line 7"]);
  });

  it("keeps a stack with its line and gives plain texts the file's time", async () => {
    const postgres = `2026-11-23 12:00:00.500 UTC [7] causeway@causeway ERROR:  no such column\n\tat character 8\n2026-11-23 12:00:01.000 UTC [7] @ LOG:  ok\n`;
    const raw = "Ready in 3 s\n⨯ Error: boom\n";
    const streams = [[source("p", "postgres", postgres, 1_000)], [source("o", "web", raw, 3_000)]];
    const { items } = await searchLogs({ ...NO_FILTER, streams });
    expect(items.map(({ program, level, msg }) => [program, level, msg])).toEqual([
      ["web", "error", "⨯ Error: boom"],
      ["web", "info", "Ready in 3 s"],
      ["postgres", "info", "ok"],
      ["postgres", "error", "no such column\n\tat character 8"],
    ]);
  });

  it("reads a file without any newline or time to its end", async () => {
    const streams = [[source("x", "web", "x".repeat(1_000_000), 0)]];
    const { items } = await searchLogs({ ...NO_FILTER, streams });
    expect(items.length).toBeGreaterThan(0);
  });
});
