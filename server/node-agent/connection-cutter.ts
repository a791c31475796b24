import { setTimeout as sleep } from "node:timers/promises";
import type { AgentInbound } from "#lib/schemas/agent.ts";
import type { Logger } from "#server/logger.ts";
import type { XrayClient } from "#server/xray/client.ts";
import { parseEmail } from "#server/xray/email.ts";
import type { ConnectionReport } from "#server/xray/report.ts";
import type { ConnectionTable, LiveConnection } from "./connection-table.ts";
import { findUnreported, keepSeen } from "./find-unreported.ts";
import { type SocketAddress, socketKey } from "./socket-killer.ts";
import type { SocketReach } from "./socket-reach.ts";

const GIVE_UP_MILLIS = 2_000;
const RETRY_MILLIS = 200;
/** Between its first byte and its report a connection is younger than this. */
const PRUNE_AFTER_MILLIS = 5_000;

type Options = {
  table: ConnectionTable;
  client: XrayClient;
  log: Logger;
  edgePublicPort: number;
  sockets: SocketReach;
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
        setTimeout(() => {
          const left = fresh.filter((id) => this.#listDoomed(id).length > 0);
          if (left.length > 0) void this.cut(left);
        }, RETRY_MILLIS).unref();
      });
    for (const id of fresh) this.#running.set(id, work);
    await work;
  }

  async #cut(userIds: readonly string[]): Promise<void> {
    const { table, client, log, sockets: reach, onCut } = this.#options;
    const deadline = Date.now() + GIVE_UP_MILLIS;
    let pending = [...userIds];
    let unreported: SocketAddress[] = [];
    for (let round = 0; pending.length > 0 && Date.now() < deadline; round++) {
      const connections = pending.flatMap((id) => this.#listDoomed(id));
      if (connections.length > 0) {
        const sockets = connections.flatMap((connection) => this.#locate(connection) ?? []);
        onCut(await reach.kill(sockets));
        const left = new Set((await this.#listClients()).map(socketKey));
        for (const connection of connections) {
          const socket = this.#locate(connection);
          if (!socket || !left.has(socketKey(socket))) table.delete(connection);
        }
      }
      // Xray's own list says whether a report was lost. It leaves loopback clients out.
      const out = new Set(pending.filter((id) => !this.#options.isUserIn(id)));
      const online = out.size === 0 ? [] : await client.listOnline().catch(() => []);
      const onlineIds = new Set(online.map(({ email }) => parseEmail(email)?.userId));
      pending = pending.filter((id) => this.#listDoomed(id).length > 0 || (out.has(id) && onlineIds.has(id)));
      if (pending.length > 0) {
        const candidates = await this.#findUnreported(new Set(pending), online);
        onCut(await reach.kill(keepSeen(unreported, candidates)));
        unreported = candidates;
      }
      if (pending.length > 0) await sleep(Math.min(50 * 2 ** round, 400));
    }
    if (pending.length > 0) {
      log.warn({ users: pending.slice(0, 20) }, "users are still online after their connections were ended");
    }
  }

  /** Ends one that an operator chose: its user may come back at once. Answers how many sockets were ended. */
  async endOne(connection: LiveConnection): Promise<number> {
    const socket = this.#locate(connection);
    const ended = socket === null ? 0 : await this.#options.sockets.kill([socket]);
    this.#options.table.delete(connection);
    if (ended > 0) this.#options.onCut(ended);
    return ended;
  }

  /** After a rotation connections made with the new id stay. */
  #listDoomed(userId: string): LiveConnection[] {
    const connections = this.#options.table.listOfUser(userId);
    if (!this.#options.isUserIn(userId)) return connections;
    const until = this.#rotatedAt.get(userId) ?? 0;
    return connections.filter(({ since }) => since < until);
  }

  async #findUnreported(userIds: ReadonlySet<string>, online: { email: string; ips: string[] }[]) {
    const known = this.#options.table.list().flatMap((connection) => this.#locate(connection) ?? []);
    const reported = new Set(known.map(socketKey));
    return findUnreported({
      userIds,
      online,
      sockets: await this.#listClients(),
      isReported: (socket) => reported.has(socketKey(socket)),
      getLocalPort: (inboundTag) => this.#getLocalPort(inboundTag),
    });
  }

  /** Forgets connections whose socket is gone. */
  async prune(now: number): Promise<void> {
    if (this.#options.table.size === 0) return;
    const live = new Set((await this.#listClients()).map(socketKey));
    const isAlive = (connection: LiveConnection) => {
      const socket = this.#locate(connection);
      return socket !== null && live.has(socketKey(socket));
    };
    this.#options.table.prune(isAlive, now - PRUNE_AFTER_MILLIS);
  }

  #locate({ inboundTag, ip, port }: ConnectionReport): SocketAddress | null {
    const localPort = this.#getLocalPort(inboundTag);
    return localPort === null ? null : { ip, port, localPort };
  }

  /** Behind Traefik the client's socket is Traefik's; Xray's own has Traefik's address. */
  #getLocalPort(inboundTag: string): number | null {
    const inbound = this.#options.getInbounds().find(({ tag }) => tag === inboundTag);
    if (!inbound) return null;
    return inbound.acceptProxyProtocol ? this.#options.edgePublicPort : inbound.port;
  }

  async #listClients(): Promise<SocketAddress[]> {
    const ports = this.#options.getInbounds().flatMap(({ tag }) => this.#getLocalPort(tag) ?? []);
    return await this.#options.sockets.list([...new Set(ports)]);
  }
}
