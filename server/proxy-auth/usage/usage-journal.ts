import { randomUUID } from "node:crypto";
import { z } from "zod";
import { mergeConnections, noConnections } from "#lib/door-connections.ts";
import { type UsageBatch, usageBatchSchema } from "#lib/schemas/internal.ts";
import type { Clock } from "#server/clock.ts";
import type { UsageDelta } from "./accounts.ts";
import { JournalFile } from "./journal-file.ts";

export const SOURCE = "proxy-auth";
const BUCKET_MS = 5 * 60_000;
/** At most 1.4 kB each, with reasons and addresses: below what the panel reads (32 MiB) and takes in at once. */
const MAX_BATCH_ENTRIES = 10_000;
/** While the panel is away: above this, the 5-minute buckets of a user become one. */
const MAX_PENDING_ENTRIES = 20_000;
const COMPACT_BYTES = 4 * 1024 * 1024;

type Entry = UsageBatch["entries"][number];

const recordSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("boot"), boot: z.uuid(), nextSeq: z.number().int().positive() }),
  z.object({ kind: z.literal("delta"), entries: z.array(usageBatchSchema.shape.entries.element) }),
  z.object({ kind: z.literal("batch"), batch: usageBatchSchema }),
  z.object({ kind: z.literal("ack"), boot: z.uuid(), seq: z.number().int() }),
]);
type JournalRecord = z.infer<typeof recordSchema>;

/**
 * Usage on its way to the panel. Deltas gather in `pending`; a batch takes them over, gets the next number, is on
 * disk before it is first sent and never changes; one batch is under way at a time. boot and numbers live in the
 * file, so they stay across restarts.
 */
export class UsageJournal {
  readonly #file: JournalFile;
  readonly #clock: Clock;
  #boot: string;
  #nextSeq = 1;
  #outstanding: UsageBatch | null = null;
  #pending = new Map<string, Entry>();
  /** Counted, but not on disk yet because the disk refused. */
  #unwritten = new Map<string, Entry>();
  /** When the oldest bytes of the batch under way, and of what waits behind it, were counted. */
  #outstandingSince: number | null = null;
  #waitingSince: number | null = null;

  private constructor(file: JournalFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    this.#boot = randomUUID();
  }

  static async open(path: string, clock: Clock): Promise<{ journal: UsageJournal; isDamaged: boolean }> {
    const { journal: file, records, isDamaged } = await JournalFile.open(path);
    const journal = new UsageJournal(file, clock);
    for (const record of records) journal.#replay(recordSchema.parse(record));
    journal.#outstandingSince = oldestOf(journal.#outstanding?.entries ?? []);
    journal.#waitingSince = oldestOf(journal.#pending.values());
    if (isDamaged) journal.#startBoot();
    if (isDamaged || records.length === 0) await journal.#compact();
    return { journal, isDamaged };
  }

  get outstanding(): UsageBatch | null {
    return this.#outstanding;
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#file.size;
  }

  get entries(): number {
    return this.#pending.size + this.#unwritten.size + (this.#outstanding?.entries.length ?? 0);
  }

  /** Age of the oldest entry that is not acknowledged; 0 when there is none. */
  get oldestSeconds(): number {
    const since = this.#outstanding === null ? this.#waitingSince : this.#outstandingSince;
    return since === null ? 0 : Math.max(0, this.#clock.now() - since) / 1000;
  }

  /** Everything not acknowledged, by user. */
  unacked(): Map<string, number> {
    const totals = new Map<string, number>();
    const all = [
      ...this.#pending.values(),
      ...this.#unwritten.values(),
      ...(this.#outstanding?.entries ?? []),
    ];
    for (const { userId, upBytes, downBytes } of all) {
      totals.set(userId, (totals.get(userId) ?? 0) + upBytes + downBytes);
    }
    return totals;
  }

  /**
   * Takes deltas over and puts them on disk; with `canSend` and nothing under way, as the next batch. Throws when
   * the disk refuses: the deltas stay in memory and go with the next call.
   */
  async write(deltas: readonly UsageDelta[], canSend: boolean): Promise<void> {
    const now = this.#clock.now();
    const bucket = now - (now % BUCKET_MS);
    for (const delta of deltas) merge(this.#unwritten, { ...delta, at: now }, bucket);
    if (deltas.length > 0) this.#waitingSince ??= now;
    const isFull = this.#pending.size + this.#unwritten.size > MAX_BATCH_ENTRIES;
    const shouldSend = canSend && this.#outstanding === null;
    if (this.#unwritten.size > 0 && (!shouldSend || isFull)) await this.#writeDelta();
    if (shouldSend && this.#pending.size + this.#unwritten.size > 0) await this.#writeBatch();
    if (this.#file.size > COMPACT_BYTES || this.#pending.size > MAX_PENDING_ENTRIES) await this.#compact();
  }

  /** `lastSeq` ahead of ours: this directory is an old copy and its numbers are used up, so a new boot begins. */
  async acknowledge(seq: number, lastSeq: number): Promise<void> {
    if (this.#outstanding?.seq !== seq) return;
    const { boot } = this.#outstanding;
    this.#outstanding = null;
    if (lastSeq > seq && boot === this.#boot) this.#startBoot();
    if (this.#pending.size === 0 && this.#file.size > 64 * 1024) await this.#compact();
    else await this.#append({ kind: "ack", boot, seq });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #writeDelta(): Promise<void> {
    await this.#append({ kind: "delta", entries: [...this.#unwritten.values()] });
    for (const [key, entry] of this.#unwritten) add(this.#pending, key, entry);
    this.#unwritten.clear();
  }

  async #writeBatch(): Promise<void> {
    const taken = new Map<string, Entry>();
    for (const [key, entry] of [...this.#pending].slice(0, MAX_BATCH_ENTRIES)) taken.set(key, { ...entry });
    for (const [key, entry] of this.#unwritten) add(taken, key, entry);
    const batch: UsageBatch = {
      source: SOURCE,
      boot: this.#boot,
      seq: this.#nextSeq,
      entries: [...taken.values()],
    };
    await this.#append({ kind: "batch", batch });
    for (const key of taken.keys()) this.#pending.delete(key);
    this.#unwritten.clear();
    this.#outstanding = batch;
    this.#outstandingSince = this.#waitingSince;
    if (this.#pending.size === 0) this.#waitingSince = null;
    this.#nextSeq += 1;
  }

  #replay(record: JournalRecord): void {
    if (record.kind === "boot") {
      this.#boot = record.boot;
      this.#nextSeq = record.nextSeq;
    } else if (record.kind === "delta") {
      for (const entry of record.entries) merge(this.#pending, entry, entry.at - (entry.at % BUCKET_MS));
    } else if (record.kind === "batch") {
      for (const entry of record.batch.entries) this.#pending.delete(keyOf(entry));
      this.#outstanding = record.batch;
      if (record.batch.boot === this.#boot) this.#nextSeq = record.batch.seq + 1;
    } else if (this.#outstanding?.seq === record.seq && this.#outstanding.boot === record.boot) {
      this.#outstanding = null;
    }
  }

  #startBoot(): void {
    this.#boot = randomUUID();
    this.#nextSeq = 1;
  }

  async #compact(): Promise<void> {
    if (this.#pending.size > MAX_PENDING_ENTRIES) {
      const merged = new Map<string, Entry>();
      for (const entry of this.#pending.values()) add(merged, `${entry.userId} ${entry.door}`, entry);
      this.#pending = new Map([...merged.values()].map((entry) => [keyOf(entry), entry]));
    }
    const records: JournalRecord[] = [];
    // The batch under way goes first: replaying it must not take away what has come since.
    if (this.#outstanding) records.push({ kind: "batch", batch: this.#outstanding });
    records.push({ kind: "boot", boot: this.#boot, nextSeq: this.#nextSeq });
    if (this.#pending.size > 0) records.push({ kind: "delta", entries: [...this.#pending.values()] });
    await this.#file.rewrite(records);
  }

  #append(record: JournalRecord): Promise<void> {
    return this.#file.append(record);
  }
}

function oldestOf(entries: Iterable<Entry>): number | null {
  let oldest: number | null = null;
  for (const { at } of entries) oldest = Math.min(oldest ?? at, at);
  return oldest;
}

function keyOf({ userId, door, at }: Entry): string {
  return `${userId} ${door} ${at - (at % BUCKET_MS)}`;
}

/** An entry's time is the last moment of its bucket that had traffic. */
function merge(into: Map<string, Entry>, entry: Entry, bucket: number): void {
  add(into, `${entry.userId} ${entry.door} ${bucket}`, entry);
}

function add(into: Map<string, Entry>, key: string, entry: Entry): void {
  const known = into.get(key);
  if (!known) {
    into.set(key, { ...entry });
    return;
  }
  known.upBytes += entry.upBytes;
  known.downBytes += entry.downBytes;
  known.at = Math.max(known.at, entry.at);
  if (entry.connections)
    known.connections = mergeConnections(known.connections ?? noConnections(), entry.connections);
}
