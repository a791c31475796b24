import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import type { ConnectionReport } from "#server/xray/report.ts";
import { splitRecords } from "./files.ts";

/** `id` names it to operators. */
export type LiveConnection = ConnectionReport & { id: string; since: number };

const MAX_CONNECTIONS = 200_000;

/**
 * Who is connected from where, as Xray reports it; where to is never kept. Reports also go to a file, for the agent
 * that comes after a kill -9. A connection's end is not reported: `prune` compares with the kernel's sockets.
 */
export class ConnectionTable {
  readonly #path: string;
  readonly #byKey = new Map<string, LiveConnection>();
  readonly #byUser = new Map<string, Map<string, LiveConnection>>();
  #fd: number;
  #written = 0;

  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) {
      for (const record of splitRecords(readFileSync(path, "utf8")).records)
        this.#put({ id: newId(), ...(record as ConnectionReport & { since: number }) });
    }
    this.#fd = this.#rewrite();
  }

  get size(): number {
    return this.#byKey.size;
  }

  get userCount(): number {
    return this.#byUser.size;
  }

  /** The newest report of an address and port wins: ports are used again. */
  add(report: ConnectionReport, since: number): void {
    const key = keyOf(report);
    const known = this.#byKey.get(key);
    if (known?.userId === report.userId) return;
    const connection = { ...report, id: newId(), since };
    this.#put(connection);
    try {
      writeSync(this.#fd, `${JSON.stringify(connection)}\n`);
      this.#written += 1;
    } catch {
      // A full disk costs the successor's knowledge of this connection, not ours.
    }
  }

  has(report: ConnectionReport): boolean {
    return this.#byKey.has(keyOf(report));
  }

  find(id: string): LiveConnection | null {
    for (const connection of this.#byKey.values()) if (connection.id === id) return connection;
    return null;
  }

  list(): LiveConnection[] {
    return [...this.#byKey.values()];
  }

  listOfUser(userId: string): LiveConnection[] {
    return [...(this.#byUser.get(userId)?.values() ?? [])];
  }

  listUserIds(): string[] {
    return [...this.#byUser.keys()];
  }

  delete(connection: ConnectionReport): void {
    const key = keyOf(connection);
    const known = this.#byKey.get(key);
    if (!known) return;
    this.#byKey.delete(key);
    const own = this.#byUser.get(known.userId);
    own?.delete(key);
    if (own?.size === 0) this.#byUser.delete(known.userId);
  }

  clear(): void {
    this.#byKey.clear();
    this.#byUser.clear();
    this.#compact();
  }

  /** Forgets those reported before `before` whose socket is no more. */
  prune(isAlive: (connection: LiveConnection) => boolean, before: number): void {
    for (const connection of this.list()) {
      if (connection.since < before && !isAlive(connection)) this.delete(connection);
    }
    if (this.#written > 1000 && this.#written > 2 * this.#byKey.size) this.#compact();
  }

  close(): void {
    closeSync(this.#fd);
  }

  #put(connection: LiveConnection): void {
    this.delete(connection);
    const oldest = this.#byKey.size >= MAX_CONNECTIONS ? this.#byKey.values().next().value : undefined;
    if (oldest) this.delete(oldest);
    const key = keyOf(connection);
    this.#byKey.set(key, connection);
    const own = this.#byUser.get(connection.userId) ?? new Map<string, LiveConnection>();
    own.set(key, connection);
    this.#byUser.set(connection.userId, own);
  }

  #compact(): void {
    closeSync(this.#fd);
    this.#fd = this.#rewrite();
  }

  #rewrite(): number {
    try {
      const lines = this.list().map((connection) => `${JSON.stringify(connection)}\n`);
      writeFileSync(`${this.#path}.new`, lines.join(""), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
      this.#written = lines.length;
    } catch {
      // Full disk: go on with the longer file.
    }
    return openSync(this.#path, "a", 0o600);
  }
}

const newId = () => `vpn-${randomBytes(8).toString("hex")}`;

function keyOf({ inboundTag, ip, port }: ConnectionReport): string {
  return `${inboundTag} ${ip} ${port}`;
}
