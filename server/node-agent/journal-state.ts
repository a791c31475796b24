export type Traffic = { upBytes: number; downBytes: number };
export type UsageEntry = { userId: string } & Traffic;
export type UsageBatch = { seq: number; at: number; entries: UsageEntry[] };
/** [e-mail, up, down] as Xray counts them since its start. */
export type Baseline = [email: string, up: number, down: number];
export type PollRecord = { kind: "poll"; core: string; at: number; base: Baseline[]; entries: UsageEntry[] };
export type JournalRecord = PollRecord | { kind: "seal" } | { kind: "ack"; seq: number };
export type JournalHeader = {
  kind: "journal";
  journalId: string;
  nextSeq: number;
  core: string;
  base: Baseline[];
  sealed: UsageBatch[];
  pending: { at: number; entries: UsageEntry[] }[];
};

const BUCKET_MILLIS = 5 * 60_000;
const MAX_PENDING_BUCKETS = 288;
const MAX_BATCH_ENTRIES = 20_000;

/**
 * The usage journal in memory. Every change is a record; the same records give the same state, so what is on disk
 * can be read back. Bytes wait per user and 5 minutes; a batch that may have been handed out never changes again.
 */
export class JournalState {
  readonly journalId: string;
  nextSeq = 1;
  core = "";
  readonly base = new Map<string, Traffic>();
  sealed: UsageBatch[] = [];
  pending: { at: number; bucket: number; users: Map<string, Traffic> }[] = [];
  /** Bytes of a user that the controller has not acknowledged. */
  readonly unacknowledged = new Map<string, number>();

  constructor(journalId: string) {
    this.journalId = journalId;
  }

  apply(record: JournalRecord): void {
    if (record.kind === "poll") this.#poll(record);
    else if (record.kind === "seal") this.#seal();
    else this.#acknowledge(record.seq);
  }

  #poll(record: PollRecord): void {
    if (record.core !== this.core) {
      this.base.clear();
      this.core = record.core;
    }
    for (const [email, upBytes, downBytes] of record.base) this.base.set(email, { upBytes, downBytes });
    this.#addPending(record.at, record.entries);
  }

  #addPending(at: number, entries: UsageEntry[]): void {
    if (entries.length === 0) return;
    const bucket = Math.floor(at / BUCKET_MILLIS);
    let last = this.pending.at(-1);
    if (!last || (last.bucket !== bucket && this.pending.length < MAX_PENDING_BUCKETS)) {
      last = { at, bucket, users: new Map() };
      this.pending.push(last);
    }
    last.at = at;
    last.bucket = bucket;
    for (const entry of entries) {
      const sum = last.users.get(entry.userId) ?? { upBytes: 0, downBytes: 0 };
      sum.upBytes += entry.upBytes;
      sum.downBytes += entry.downBytes;
      last.users.set(entry.userId, sum);
      this.#count(entry.userId, entry.upBytes + entry.downBytes);
    }
  }

  #seal(): void {
    for (const { at, users } of this.pending) {
      const entries = Array.from(users, ([userId, traffic]) => ({ userId, ...traffic }));
      for (let start = 0; start < entries.length; start += MAX_BATCH_ENTRIES) {
        this.sealed.push({
          seq: this.nextSeq++,
          at,
          entries: entries.slice(start, start + MAX_BATCH_ENTRIES),
        });
      }
    }
    this.pending = [];
  }

  #acknowledge(seq: number): void {
    for (const batch of this.sealed) {
      if (batch.seq > seq) break;
      for (const entry of batch.entries) this.#count(entry.userId, -entry.upBytes - entry.downBytes);
    }
    this.sealed = this.sealed.filter((batch) => batch.seq > seq);
  }

  #count(userId: string, bytes: number): void {
    const sum = (this.unacknowledged.get(userId) ?? 0) + bytes;
    if (sum === 0) this.unacknowledged.delete(userId);
    else this.unacknowledged.set(userId, sum);
  }

  toHeader(): JournalHeader {
    return {
      kind: "journal",
      journalId: this.journalId,
      nextSeq: this.nextSeq,
      core: this.core,
      base: Array.from(this.base, ([email, { upBytes, downBytes }]) => [email, upBytes, downBytes]),
      sealed: this.sealed,
      pending: this.pending.map(({ at, users }) => ({
        at,
        entries: Array.from(users, ([userId, traffic]) => ({ userId, ...traffic })),
      })),
    };
  }

  static fromHeader(header: JournalHeader): JournalState {
    const state = new JournalState(header.journalId);
    state.nextSeq = header.nextSeq;
    state.core = header.core;
    for (const [email, upBytes, downBytes] of header.base) state.base.set(email, { upBytes, downBytes });
    state.sealed = header.sealed;
    for (const { entries } of header.sealed) {
      for (const entry of entries) state.#count(entry.userId, entry.upBytes + entry.downBytes);
    }
    for (const { at, entries } of header.pending) state.#addPending(at, entries);
    return state;
  }
}
