import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type AgentInbound,
  type AgentUser,
  agentInboundSchema,
  agentUserSchema,
  type Delta,
  deltaSchema,
} from "#lib/schemas/agent.ts";
import { AppendLog, splitRecords, writeFileAtomic } from "./files.ts";

export type NodeState = { revision: number; inbounds: AgentInbound[]; users: Map<string, AgentUser> };

const headerSchema = z.object({
  revision: z.number(),
  inbounds: z.array(agentInboundSchema),
  log: z.number(),
});
const usedSchema = z.object({ used: z.array(z.tuple([z.string(), z.number()])) });
const COMPACT_BYTES = 4 * 1024 * 1024;

/**
 * What the controller last said, on disk: a snapshot, and a log of the deltas after it. The snapshot names its log,
 * so a crash between writing the two never applies an old log to a new snapshot.
 */
export class StateStore {
  readonly #directory: string;
  #logNumber = 0;
  #log: AppendLog;
  #compactAt = COMPACT_BYTES;
  #isDurable = true;
  readonly state: NodeState = { revision: 0, inbounds: [], users: new Map() };

  constructor(directory: string) {
    this.#directory = directory;
    this.#log = this.#load();
  }

  /**
   * False while a full disk holds an older state than memory. Changes are followed all the same, as a user must be
   * shut out then too; an agent that starts from the older state tells its revision and is sent the rest.
   */
  get isDurable(): boolean {
    return this.#isDurable;
  }

  replace(next: NodeState): void {
    Object.assign(this.state, next);
    this.#isDurable = this.#tryCompact();
  }

  apply(delta: Delta): void {
    const isAppended = this.#isDurable && this.#tryAppend(delta);
    applyDelta(this.state, delta);
    if (!isAppended) this.#isDurable = this.#tryCompact();
    else if (this.#log.bytes > this.#compactAt) this.#tidy();
  }

  /** May be lost: the next answer of the controller says it again. */
  setUsed(totals: { userId: string; usedBytes: number }[]): void {
    const used = totals.map(({ userId, usedBytes }) => [userId, usedBytes] as [string, number]);
    if (used.length === 0) return;
    if (this.#isDurable) this.#tryAppend({ used });
    applyUsed(this.state, used);
  }

  close(): void {
    this.#log.close();
  }

  #load(): AppendLog {
    const path = join(this.#directory, "snapshot.ndjson");
    if (existsSync(path)) {
      const text = readFileSync(path, "utf8");
      this.#compactAt = Math.max(COMPACT_BYTES, text.length);
      const [header, ...users] = splitRecords(text).records;
      const { log, ...rest } = headerSchema.parse(header);
      Object.assign(this.state, rest);
      this.#logNumber = log;
      for (const user of users) {
        const parsed = agentUserSchema.parse(user);
        this.state.users.set(parsed.id, parsed);
      }
    }
    const logPath = this.#logPath(this.#logNumber);
    if (!existsSync(logPath)) return new AppendLog(logPath);
    const { records, validBytes } = splitRecords(readFileSync(logPath, "utf8"));
    for (const record of records) {
      const used = usedSchema.safeParse(record);
      if (used.success) applyUsed(this.state, used.data.used);
      else applyDelta(this.state, deltaSchema.parse(record));
    }
    return new AppendLog(logPath, validBytes);
  }

  #tryAppend(record: Delta | { used: [string, number][] }): boolean {
    try {
      this.#log.append(record, { isDurable: "to" in record });
      return true;
    } catch {
      return false;
    }
  }

  /** The log is good as it is, unless a new snapshot was written that names another. */
  #tidy(): void {
    const before = this.#logNumber;
    if (this.#tryCompact()) return;
    this.#compactAt = this.#log.bytes + COMPACT_BYTES;
    this.#isDurable = this.#logNumber === before;
  }

  #tryCompact(): boolean {
    try {
      this.#compact();
      return true;
    } catch {
      return false;
    }
  }

  #compact(): void {
    const { revision, inbounds, users } = this.state;
    const old = this.#logNumber;
    const lines = [JSON.stringify({ revision, inbounds, log: old + 1 })];
    for (const user of users.values()) lines.push(JSON.stringify(user));
    const text = `${lines.join("\n")}\n`;
    rmSync(this.#logPath(old + 1), { force: true });
    writeFileAtomic(join(this.#directory, "snapshot.ndjson"), text);
    this.#compactAt = Math.max(COMPACT_BYTES, text.length);
    this.#logNumber = old + 1;
    const previous = this.#log;
    this.#log = new AppendLog(this.#logPath(old + 1));
    previous.close();
    rmSync(this.#logPath(old), { force: true });
  }

  #logPath(number: number): string {
    return join(this.#directory, `deltas-${number}.ndjson`);
  }
}

function applyDelta(state: NodeState, delta: Delta): void {
  state.revision = delta.to;
  if (delta.inbounds) state.inbounds = delta.inbounds;
  for (const user of delta.upsert) state.users.set(user.id, user);
  for (const id of delta.remove) state.users.delete(id);
}

function applyUsed(state: NodeState, used: [string, number][]): void {
  for (const [id, usedBytes] of used) {
    const user = state.users.get(id);
    if (user) user.usedBytes = usedBytes;
  }
}
