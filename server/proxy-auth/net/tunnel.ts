import type { Socket } from "node:net";
import type { Clock } from "#server/clock.ts";
import type { Account, CutReason, Cuttable } from "../usage/account.ts";
import type { ProxyDoor } from "../usage/door.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import type { Origin } from "./dial.ts";
import { resetSocket } from "./reset-socket.ts";

const IDLE_MS = 30 * 60_000;
/** One side has said it is done: the other gets this long between bytes. */
const HALF_CLOSED_IDLE_MS = 2 * 60_000;

export type TunnelOptions = {
  client: Socket;
  origin: Origin;
  /** Bytes the client sent behind its request: they belong to the origin. */
  head: Buffer;
  account: Account;
  door: ProxyDoor;
  deadlines: Deadlines;
  clock: Clock;
  onEnd: () => void;
};

/**
 * Carries bytes both ways until both sides are done: half-close, backpressure, an error on one side resets the other.
 * Up is counted when written to the origin's socket, down when read from it.
 */
export class Tunnel implements Cuttable {
  readonly door: ProxyDoor;
  readonly #options: TunnelOptions;
  readonly #client: Socket;
  readonly #origin: Socket;
  readonly #writtenBefore: number;
  #countedUp = 0;
  #lastActive: number;
  #deadline: Deadline | null = null;
  #isHalfClosed = false;
  #closed = 0;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.door = options.door;
    this.#client = options.client;
    this.#origin = options.origin.socket;
    this.#writtenBefore = this.#origin.bytesWritten;
    this.#lastActive = options.clock.now();
  }

  start(): void {
    const client = this.#client;
    const origin = this.#origin;
    const {
      head,
      origin: { reader },
      account,
    } = this.#options;
    account.open.add(this);
    client.on("error", () => resetSocket(origin)).on("close", () => this.#onClose(client, origin));
    origin.on("error", () => resetSocket(client)).on("close", () => this.#onClose(origin, client));
    if (client.destroyed || origin.destroyed) {
      client.destroy();
      origin.destroy();
    }
    client.on("end", () => this.#finish(origin)).on("drain", () => origin.resume());
    origin.on("end", () => this.#finish(client)).on("drain", () => client.resume());
    if (head.length > 0) this.#up(head);
    client.on("data", (chunk: Buffer) => this.#up(chunk));
    if (reader) {
      reader.attach((bytes) => this.#downRaw(bytes));
      origin.resume();
    } else {
      origin.on("data", (chunk: Buffer) => this.#down(chunk));
      origin.resume();
    }
    client.resume();
    this.#watch();
  }

  /** RST, not FIN: what the kernel still holds for the client is dropped too. */
  cut(_reason: CutReason): void {
    resetSocket(this.#client);
    resetSocket(this.#origin);
  }

  #up(chunk: Buffer): void {
    if (this.#origin.destroyed) return;
    this.#lastActive = this.#options.clock.now();
    this.#countedUp += chunk.length;
    if (!this.#origin.write(chunk)) this.#client.pause();
    this.#options.account.countUp(this.#options.door, chunk.length);
  }

  #down(chunk: Buffer): void {
    this.#lastActive = this.#options.clock.now();
    if (!this.#client.destroyed && !this.#client.write(chunk)) this.#origin.pause();
    this.#options.account.countDown(this.#options.door, chunk.length);
  }

  /** From the shared read buffer: true once the kernel has all of it, else reading stops until it has. */
  #downRaw(bytes: Buffer): boolean {
    const client = this.#client;
    this.#lastActive = this.#options.clock.now();
    if (!client.destroyed) client.write(bytes, this.#onFlushed);
    const isFlushed = client.writableLength === 0;
    this.#options.account.countDown(this.#options.door, bytes.length);
    return isFlushed;
  }

  readonly #onFlushed = (): void => {
    if (this.#client.writableLength > 0) return;
    if (this.#options.origin.reader?.flushed() && !this.#origin.destroyed) this.#origin.resume();
  };

  #finish(other: Socket): void {
    this.#isHalfClosed = true;
    this.#lastActive = this.#options.clock.now();
    other.end();
    this.#watch();
  }

  #onClose(closed: Socket, other: Socket): void {
    // Closed before both directions were done: the other side must not wait for what will not come.
    if (!(closed.readableEnded && closed.writableFinished)) resetSocket(other);
    this.#closed += 1;
    if (this.#closed === 2) this.#end();
  }

  #end(): void {
    const { account, door, deadlines, origin, onEnd } = this.#options;
    deadlines.cancel(this.#deadline);
    // What was handed over but never left (the origin died) was not written to it.
    const unsent = this.#origin.bytesWritten - this.#writtenBefore - this.#countedUp;
    if (unsent < 0) account.countUp(door, unsent);
    account.open.delete(this);
    origin.reader?.release();
    onEnd();
  }

  /** Looks again when the limit could have passed; activity costs only a timestamp. */
  #watch(): void {
    const { deadlines, clock } = this.#options;
    if (this.#closed === 2) return;
    deadlines.cancel(this.#deadline);
    const limit = this.#isHalfClosed ? HALF_CLOSED_IDLE_MS : IDLE_MS;
    this.#deadline = deadlines.add(this.#lastActive + limit, () => {
      this.#deadline = null;
      if (clock.now() - this.#lastActive >= limit) this.cut("shutdown");
      else this.#watch();
    });
  }
}
