import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { parseEmail } from "#server/xray/email.ts";
import { AppendLog, splitRecords, writeFileAtomic } from "./files.ts";
import {
  type Baseline,
  type JournalHeader,
  type JournalRecord,
  JournalState,
  type Traffic,
  type UsageBatch,
  type UsageEntry,
} from "./journal-state.ts";

const COMPACT_BYTES = 2 * 1024 * 1024;

/**
 * Traffic on its way to the controller. One synced line holds both the bytes and the new baselines, so whichever
 * process dies, the sum of the batches equals what Xray counted.
 */
export class Journal {
  readonly #path: string;
  #state: JournalState;
  #log: AppendLog;
  #compactAt = COMPACT_BYTES;
  /** When the oldest bytes of what waits, and of each batch, were counted: a bucket's own time moves with its bytes. */
  #pendingSince: number | null = null;
  readonly #sealedSince = new Map<number, number>();
  /** By this process, acknowledged or not. */
  readonly counted: Traffic = { upBytes: 0, downBytes: 0 };

  constructor(path: string) {
    this.#path = path;
    const records = existsSync(path) ? splitRecords(readFileSync(path, "utf8")) : null;
    const [header, ...rest] = (records?.records ?? []) as [JournalHeader?, ...JournalRecord[]];
    if (records && header?.kind === "journal") {
      this.#state = JournalState.fromHeader(header);
      for (const record of rest) this.#state.apply(record);
      this.#log = new AppendLog(path, records.validBytes);
      return;
    }
    // A header that cannot be read: keep the file for a human, and start under a new name.
    if (records) renameSync(path, `${path}.unreadable-${Date.now()}`);
    this.#state = new JournalState(randomUUID());
    this.#log = this.#compact();
  }

  get journalId(): string {
    return this.#state.journalId;
  }

  get length(): number {
    return this.#state.sealed.length + this.#state.pending.length;
  }

  get entries(): number {
    const sealed = this.#state.sealed.reduce((sum, batch) => sum + batch.entries.length, 0);
    return this.#state.pending.reduce((sum, bucket) => sum + bucket.users.size, sealed);
  }

  /** Size on disk. */
  get bytes(): number {
    return this.#log.bytes;
  }

  /** Age of the oldest unacknowledged bytes; 0 when there are none. */
  oldestSeconds(now: number): number {
    const { sealed, pending } = this.#state;
    const since =
      sealed[0] === undefined
        ? pending[0] && (this.#pendingSince ?? pending[0].at)
        : (this.#sealedSince.get(sealed[0].seq) ?? sealed[0].at);
    return since === undefined ? 0 : Math.max(0, now - since) / 1000;
  }

  unacknowledgedBytes(userId: string): number {
    return this.#state.unacknowledged.get(userId) ?? 0;
  }

  /**
   * Takes Xray's absolute counters. `core` names the process (pid and start time): another one counts from zero, and
   * so does a counter that went back. Returns the ids of users with new bytes.
   */
  recordPoll(input: { core: string; at: number; traffic: ReadonlyMap<string, Traffic> }): string[] {
    const isSameCore = input.core === this.#state.core;
    const base: Baseline[] = [];
    const deltas = new Map<string, UsageEntry>();
    for (const [email, now] of input.traffic) {
      const before = isSameCore ? this.#state.base.get(email) : undefined;
      const upBytes = advance(before?.upBytes, now.upBytes);
      const downBytes = advance(before?.downBytes, now.downBytes);
      if (upBytes === 0 && downBytes === 0) continue;
      base.push([email, now.upBytes, now.downBytes]);
      const userId = parseEmail(email)?.userId;
      if (userId === undefined) continue;
      const entry = deltas.get(userId) ?? { userId, upBytes: 0, downBytes: 0 };
      entry.upBytes += upBytes;
      entry.downBytes += downBytes;
      deltas.set(userId, entry);
    }
    if (base.length === 0) return [];
    this.#record({ kind: "poll", core: input.core, at: input.at, base, entries: [...deltas.values()] });
    if (deltas.size > 0) this.#pendingSince ??= input.at;
    for (const { upBytes, downBytes } of deltas.values()) {
      this.counted.upBytes += upBytes;
      this.counted.downBytes += downBytes;
    }
    return [...deltas.keys()];
  }

  /** The oldest batches. From now on they keep their numbers and content until acknowledged. */
  listBatches(limit: number): UsageBatch[] {
    if (this.#state.sealed.length < limit && this.#state.pending.length > 0) this.#seal();
    return this.#state.sealed.slice(0, limit);
  }

  acknowledge(seq: number): void {
    if ((this.#state.sealed[0]?.seq ?? Number.POSITIVE_INFINITY) > seq) return;
    this.#record({ kind: "ack", seq });
    for (const old of this.#sealedSince.keys()) if (old <= seq) this.#sealedSince.delete(old);
  }

  close(): void {
    this.#log.close();
  }

  #seal(): void {
    const known = this.#state.sealed.length;
    this.#record({ kind: "seal" });
    for (const { seq, at } of this.#state.sealed.slice(known))
      this.#sealedSince.set(seq, this.#pendingSince ?? at);
    this.#pendingSince = null;
  }

  #record(record: JournalRecord): void {
    this.#log.append(record, { isDurable: true });
    this.#state.apply(record);
    if (this.#log.bytes > this.#compactAt) this.#tryCompact();
  }

  /** A full disk must not lose the log that works: try again when it has grown. */
  #tryCompact(): void {
    const old = this.#log;
    try {
      this.#log = this.#compact();
      old.close();
    } catch {
      this.#compactAt = old.bytes + COMPACT_BYTES;
    }
  }

  #compact(): AppendLog {
    const text = `${JSON.stringify(this.#state.toHeader())}\n`;
    writeFileAtomic(this.#path, text);
    this.#compactAt = Math.max(COMPACT_BYTES, text.length * 2);
    return new AppendLog(this.#path);
  }
}

function advance(before: number | undefined, now: number): number {
  return before === undefined || now < before ? now : now - before;
}
