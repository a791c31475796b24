import { setTimeout as sleep } from "node:timers/promises";
import type { AgentInbound } from "#lib/schemas/agent.ts";
import type { Logger } from "#server/logger.ts";
import type { XrayClient } from "#server/xray/client.ts";
import { buildEmail } from "#server/xray/email.ts";
import type { ConnectionReport } from "#server/xray/report.ts";
import type { ConnectionTable, LiveConnection } from "./connection-table.ts";
import { killSockets, listSockets, type SocketAddress } from "./socket-killer.ts";

const GIVE_UP_MILLIS = 2_000;
/** Between its first byte and its report a connection is younger than this. */
const PRUNE_AFTER_MILLIS = 5_000;

type Options = {
  table: ConnectionTable;
  client: XrayClient;
  log: Logger;
  edgePublicPort: number;
  isAble: () => boolean;
  getInbounds: () => readonly AgentInbound[];
  isUserIn: (userId: string) => boolean;
  onCut: (sockets: number) => void;
};

/** Ends live connections of users that were taken out of Xray, and nobody else's. */
export class ConnectionCutter {
  readonly #options: Options;
  readonly #rotatedAt = new Map<string, number>();
  /** Users being cut: an overlapping call would only repeat the work. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A report that comes after the user went out is of a connection that must end too. */
  onReport(report: ConnectionReport, now: number): void {
    this.#options.table.add(report, now);
    if (!this.#options.isUserIn(report.userId)) void this.cut([report.userId]);
  }

  /** Users that come back with another VLESS id: connections reported before `now` are the old one's. */
  noteRotation(userIds: readonly string[], now: number): void {
    for (const [id, at] of this.#rotatedAt) if (now - at > 60_000) this.#rotatedAt.delete(id);
    for (const id of userIds) this.#rotatedAt.set(id, now);
  }

  /** Call after RemoveUser. Ends when no connection of these users is left, or after 2 s. */
  async cut(userIds: readonly string[]): Promise<void> {
    if (!this.#options.isAble()) return;
    const fresh = userIds.filter((id) => !this.#running.has(id));
    if (fresh.length === 0) return;
    const work = this.#cut(fresh)
      .catch((error) => this.#options.log.error({ err: error }, "live connections could not be ended"))
      .finally(() => {
        for (const id of fresh) this.#running.delete(id);
        // Reported while the last round ended.
        const left = fresh.filter((id) => this.#listDoomed(id).length > 0);
        if (left.length > 0) void this.cut(left);
      });
    for (const id of fresh) this.#running.set(id, work);
    await work;
  }

  async #cut(userIds: readonly string[]): Promise<void> {
    const { table, log, onCut } = this.#options;
    const deadline = Date.now() + GIVE_UP_MILLIS;
    let pending = [...userIds];
    for (let round = 0; pending.length > 0 && Date.now() < deadline; round++) {
      const connections = pending.flatMap((id) => this.#listDoomed(id));
      if (connections.length > 0) {
        const sockets = connections.flatMap((connection) => this.#locate(connection) ?? []);
        onCut(await killSockets(sockets));
        const left = new Set((await this.#listClients()).map(keyOf));
        for (const connection of connections) {
          const socket = this.#locate(connection);
          if (!socket || !left.has(keyOf(socket))) table.delete(connection);
        }
      }
      const online = await this.#findOnline(pending);
      pending = pending.filter((id) => this.#listDoomed(id).length > 0 || online.has(id));
      if (pending.length > 0) await sleep(Math.min(50 * 2 ** round, 400));
    }
    if (pending.length > 0) {
      log.warn({ users: pending.slice(0, 20) }, "users are still online after their connections were ended");
    }
  }

  /** After a rotation connections made with the new id stay. */
  #listDoomed(userId: string): LiveConnection[] {
    const connections = this.#options.table.listOfUser(userId);
    if (!this.#options.isUserIn(userId)) return connections;
    const until = this.#rotatedAt.get(userId) ?? 0;
    return connections.filter(({ since }) => since < until);
  }

  /** Xray's own list says whether a report was lost. It leaves loopback clients out. */
  async #findOnline(userIds: readonly string[]): Promise<Set<string>> {
    const { client, getInbounds, isUserIn } = this.#options;
    // A user that is in again (rotated) may well be online with the new id.
    const out = userIds.filter((id) => !isUserIn(id));
    if (out.length === 0) return new Set();
    const online = new Set(await client.listOnlineEmails().catch(() => []));
    return new Set(out.filter((id) => getInbounds().some(({ tag }) => online.has(buildEmail(id, tag)))));
  }

  /** Forgets connections whose socket is gone. */
  async prune(now: number): Promise<void> {
    if (this.#options.table.size === 0) return;
    const live = new Set((await this.#listClients()).map(keyOf));
    const isAlive = (connection: LiveConnection) => {
      const socket = this.#locate(connection);
      return socket !== null && live.has(keyOf(socket));
    };
    this.#options.table.prune(isAlive, now - PRUNE_AFTER_MILLIS);
  }

  /** Behind Traefik the client's socket is Traefik's; Xray's own has Traefik's address. */
  #locate({ inboundTag, ip, port }: ConnectionReport): SocketAddress | null {
    const inbound = this.#options.getInbounds().find(({ tag }) => tag === inboundTag);
    if (!inbound) return null;
    const localPort = inbound.acceptProxyProtocol ? this.#options.edgePublicPort : inbound.port;
    return { ip, port, localPort };
  }

  async #listClients(): Promise<SocketAddress[]> {
    const ports = this.#options
      .getInbounds()
      .map((inbound) => (inbound.acceptProxyProtocol ? this.#options.edgePublicPort : inbound.port));
    return await listSockets([...new Set(ports)]);
  }
}

function keyOf({ ip, port, localPort }: SocketAddress): string {
  return `${ip} ${port} ${localPort}`;
}
