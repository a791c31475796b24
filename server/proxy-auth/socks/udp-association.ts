import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import type { Socket } from "node:net";
import { LRUCache } from "lru-cache";
import type { Doors } from "../doors.ts";
import { normalizeAddress } from "../net/address-list.ts";
import { connectionId } from "../net/connection-id.ts";
import type { Deadline } from "../net/deadlines.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { enterStage, type Stage } from "../net/stage.ts";
import type { Target } from "../net/target.ts";
import { type Mortal, watchLife } from "../net/watch-life.ts";
import type { Account, Cuttable, OpenConnection } from "../usage/account.ts";
import { parseUdpDatagram, wrapUdpDatagram } from "./udp-datagram.ts";

/** Targets whose answers are let through; the one that was sent to longest ago goes. */
const MAX_PEERS = 512;
/** Datagrams that wait while a name is looked up. */
const MAX_WAITING = 32;

type AssociationOptions = {
  /** The TCP connection: the association lives as long as it does. */
  control: Socket;
  /** Where the client's datagrams come in. */
  inside: UdpSocket;
  client: ClientAddress;
  account: Account;
  doors: Doors;
  onEnd: () => void;
};

let nextId = 1;

/**
 * UDP ASSOCIATE (RFC 1928 §7). Only the client's address is heard, from the port of its first datagram; fragments are
 * dropped; every datagram's target is judged; only who was sent to may answer. Counted are payloads.
 */
export class UdpAssociation implements Cuttable, Mortal, Stage {
  readonly door = "socks";
  readonly #options: AssociationOptions;
  readonly #peers = new LRUCache<string, true>({ max: MAX_PEERS });
  readonly #outside = new Map<"udp4" | "udp6", UdpSocket>();
  readonly #id = nextId++;
  readonly since: number;
  lastActive: number;
  deadline: Deadline | null = null;
  #clientPort: number | null = null;
  #clientHost = "";
  #waiting = 0;
  #upBytes = 0;
  #downBytes = 0;
  #isOver = false;

  constructor(options: AssociationOptions) {
    this.#options = options;
    this.since = options.doors.clock.now();
    this.lastActive = this.since;
  }

  start(): void {
    const { inside, account, client, doors } = this.#options;
    account.open.add(this);
    account.opened(this.door, client.address, this.since);
    enterStage(this.#options.control, this);
    watchLife(this, doors.deadlines, doors.clock);
    inside.on("message", (bytes, from) => this.#fromClient(bytes, from)).on("error", () => this.end());
  }

  cut(): void {
    resetSocket(this.#options.control);
    this.end();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { inside, account, doors, onEnd } = this.#options;
    doors.deadlines.cancel(this.deadline);
    account.open.delete(this);
    account.ended(this.door, doors.clock.now() - this.since);
    inside.close();
    for (const socket of this.#outside.values()) socket.close();
    onEnd();
  }

  /** What the TCP connection says means nothing; its end is ours. */
  onData(): void {}
  onDrain(): void {}

  onEnd(control: Socket): void {
    control.end();
    this.end();
  }

  onError(_error: Error, control: Socket): void {
    control.destroy();
  }

  onClose(): void {
    this.end();
  }

  describe(): OpenConnection {
    const { door } = this;
    return {
      id: connectionId(`udp-${this.#id}`),
      door,
      ip: this.#options.client.address,
      target: "UDP",
      upBytes: this.#upBytes,
      downBytes: this.#downBytes,
      since: this.since,
    };
  }

  #fromClient(bytes: Buffer, from: RemoteInfo): void {
    if (this.#isOver || normalizeAddress(from.address) !== this.#options.client.address) return;
    if (this.#clientPort !== null && this.#clientPort !== from.port) return;
    const datagram = parseUdpDatagram(bytes);
    if (!datagram) return;
    this.#clientPort = from.port;
    this.#clientHost = from.address;
    const { doors, account } = this.#options;
    try {
      const found = doors.guard(datagram.target, account.userId);
      if (!(found instanceof Promise)) {
        this.#send(found, datagram.target, datagram.payload);
        return;
      }
      if (this.#waiting >= MAX_WAITING) return;
      this.#waiting += 1;
      found
        .then((addresses) => this.#send(addresses, datagram.target, datagram.payload))
        .catch(() => {})
        .finally(() => {
          this.#waiting -= 1;
        });
    } catch {
      // Not to be reached: UDP has no way to say so.
    }
  }

  #send(addresses: readonly string[], target: Target, payload: Buffer): void {
    const { port } = target;
    const address = addresses.find((candidate) => !candidate.includes(":")) ?? addresses[0];
    if (this.#isOver || address === undefined) return;
    const { account, doors } = this.#options;
    if (account.pace?.mayPass("up", payload.length, this) === false) return;
    const peer = `${address} ${port}`;
    if (!this.#peers.has(peer)) doors.visited(account.userId, "socks", target);
    this.#peers.set(peer, true);
    this.#upBytes += payload.length;
    this.lastActive = doors.clock.now();
    this.#socketFor(address).send(payload, port, address, () => {});
    account.countUp("socks", payload.length);
  }

  #fromTarget(payload: Buffer, from: RemoteInfo): void {
    const address = normalizeAddress(from.address);
    if (this.#isOver || this.#clientPort === null || !this.#peers.has(`${address} ${from.port}`)) return;
    const { account, inside } = this.#options;
    this.#downBytes += payload.length;
    this.lastActive = this.#options.doors.clock.now();
    if (account.pace?.mayPass("down", payload.length, this) !== false) {
      inside.send(wrapUdpDatagram(address, from.port, payload), this.#clientPort, this.#clientHost, () => {});
    }
    account.countDown("socks", payload.length);
  }

  /** A port of the range is held until its client is done, silent for too long, or here for too long. */
  expire(): void {
    this.cut();
  }

  get maxSilenceMs(): number {
    return this.#options.doors.deadlines.timeouts.idleMs;
  }

  #socketFor(address: string): UdpSocket {
    const type = address.includes(":") ? "udp6" : "udp4";
    const known = this.#outside.get(type);
    if (known) return known;
    const socket = createSocket({ type });
    socket.on("message", (payload, from) => this.#fromTarget(payload, from)).on("error", () => this.end());
    socket.bind({ port: 0, exclusive: true });
    this.#outside.set(type, socket);
    return socket;
  }
}
