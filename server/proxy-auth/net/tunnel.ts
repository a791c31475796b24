import type { Socket } from "node:net";
import type { Clock } from "#server/clock.ts";
import type { Account, CutReason, Cuttable, OpenConnection } from "../usage/account.ts";
import type { ProxyDoor } from "../usage/door.ts";
import { connectionId } from "./connection-id.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import type { Origin } from "./dial.ts";
import type { OriginSink } from "./origin-reader.ts";
import { resetSocket } from "./reset-socket.ts";
import { enterStage, type Stage } from "./stage.ts";
import { formatTarget, type Target } from "./target.ts";
import { type Mortal, watchLife } from "./watch-life.ts";

export type TunnelOptions = {
  client: Socket;
  origin: Origin;
  /** Bytes the client sent behind its request: they belong to the origin. */
  head: Buffer;
  account: Account;
  door: ProxyDoor;
  ip: string;
  target: Target;
  deadlines: Deadlines;
  clock: Clock;
  onEnd: () => void;
};

let nextId = 1;

/**
 * Carries bytes both ways until both sides are done: half-close, backpressure, an error on one side resets the other.
 * Up is counted when written to the origin's socket, down when read from it. It is the last stage of both sockets.
 */
export class Tunnel implements Cuttable, Mortal, Stage, OriginSink {
  readonly door: ProxyDoor;
  readonly #options: TunnelOptions;
  readonly #client: Socket;
  readonly #origin: Socket;
  readonly #writtenBefore: number;
  #countedUp = 0;
  lastActive: number;
  deadline: Deadline | null = null;
  #isHalfClosed = false;
  #isDone = false;
  #closed = 0;
  readonly since: number;
  readonly #id = nextId++;
  #countedDown = 0;
  /** Held back by the user's pace, until it is this tunnel's turn. */
  #isOriginHeld = false;
  #isClientHeld = false;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.door = options.door;
    this.#client = options.client;
    this.#origin = options.origin.socket;
    this.#writtenBefore = this.#origin.bytesWritten;
    this.lastActive = options.clock.now();
    this.since = this.lastActive;
  }

  start(): void {
    const client = this.#client;
    const origin = this.#origin;
    const { head, account } = this.#options;
    const { reader } = this.#options.origin;
    account.open.add(this);
    account.opened(this.door, this.#options.ip, this.since);
    enterStage(client, this);
    enterStage(origin, this, reader === null);
    if (client.destroyed || origin.destroyed) {
      client.destroy();
      origin.destroy();
    }
    if (head.length > 0) this.#up(head);
    reader?.attach(this);
    origin.resume();
    client.resume();
    this.#watch();
    // A FIN is told at once where nothing waits to be read, also to those who have paused.
    for (const socket of [client, origin]) if (socket.readableEnded) this.onEnd(socket);
  }

  /** RST, not FIN: what the kernel still holds for the client is dropped too. */
  cut(_reason: CutReason): void {
    resetSocket(this.#client);
    resetSocket(this.#origin);
  }

  describe(): OpenConnection {
    const { ip, target } = this.#options;
    return {
      id: connectionId(this.#id),
      door: this.door,
      ip,
      target: formatTarget(target),
      upBytes: this.#countedUp,
      downBytes: this.#countedDown,
      since: this.since,
    };
  }

  get mayRead(): boolean {
    return !this.#isOriginHeld;
  }

  get readsLittle(): boolean {
    return this.#options.account.pace !== null;
  }

  onData(chunk: Buffer, socket: Socket): void {
    if (socket === this.#client) this.#up(chunk);
    else if (!this.takeCopy(chunk) || this.#isOriginHeld) this.#origin.pause();
  }

  onDrain(socket: Socket): void {
    if (socket === this.#client) this.#resumeOrigin();
    else this.#resumeClient();
  }

  onEnd(socket: Socket): void {
    const other = this.#otherOf(socket);
    // Both have said all and all of it has left: closing sends the last FIN too, and spares a shutdown.
    if (other.readableEnded && socket.writableFinished && other.writableLength === 0) {
      this.#isDone = true;
      other.destroy();
      socket.destroy();
      return;
    }
    this.#isHalfClosed = true;
    this.lastActive = this.#options.clock.now();
    other.end();
    this.#watch();
  }

  onError(_error: Error, socket: Socket): void {
    resetSocket(this.#otherOf(socket));
  }

  onClose(socket: Socket): void {
    // Closed before both directions were done: the other side must not wait for what will not come.
    if (!this.#isDone && !(socket.readableEnded && socket.writableFinished))
      resetSocket(this.#otherOf(socket));
    this.#closed += 1;
    if (this.#closed === 2) this.#end();
  }

  takeCopy(chunk: Buffer): boolean {
    const isFlowing = this.#client.destroyed || this.#client.write(chunk);
    this.#countDown(chunk.length);
    return isFlowing;
  }

  takeBorrowed(bytes: Buffer): boolean {
    if (!this.#client.destroyed) this.#client.write(bytes, this.#onFlushed);
    const isFlushed = this.#client.writableLength === 0;
    this.#countDown(bytes.length);
    return isFlushed;
  }

  readonly #onFlushed = (): void => {
    if (this.#client.writableLength > 0) return;
    if (this.#options.origin.reader?.flushed()) this.#resumeOrigin();
  };

  #resumeOrigin(): void {
    if (this.#isOriginHeld || this.#client.writableNeedDrain || this.#origin.destroyed) return;
    this.#origin.resume();
  }

  #resumeClient(): void {
    if (this.#isClientHeld || this.#origin.writableNeedDrain || this.#client.destroyed) return;
    this.#client.resume();
  }

  #otherOf(socket: Socket): Socket {
    return socket === this.#client ? this.#origin : this.#client;
  }

  #up(chunk: Buffer): void {
    if (this.#origin.destroyed) return;
    this.lastActive = this.#options.clock.now();
    this.#countedUp += chunk.length;
    if (!this.#origin.write(chunk)) this.#client.pause();
    const { account } = this.#options;
    account.countUp(this.door, chunk.length);
    if (account.pace?.isTooFast("up", chunk.length, this, this.door, this.#onUpTurn)) {
      this.#isClientHeld = true;
      this.#client.pause();
    }
  }

  readonly #onUpTurn = (): void => {
    this.#isClientHeld = false;
    this.#resumeClient();
  };
  readonly #onDownTurn = (): void => {
    this.#isOriginHeld = false;
    this.#resumeOrigin();
  };

  #countDown(length: number): void {
    const { account, clock } = this.#options;
    this.lastActive = clock.now();
    this.#countedDown += length;
    account.countDown(this.door, length);
    if (account.pace?.isTooFast("down", length, this, this.door, this.#onDownTurn)) this.#isOriginHeld = true;
  }

  #end(): void {
    const { account, clock, deadlines, origin, onEnd } = this.#options;
    deadlines.cancel(this.deadline);
    // What was handed over but never left (the origin died) was not written to it.
    const unsent = this.#origin.bytesWritten - this.#writtenBefore - this.#countedUp;
    if (unsent < 0) account.countUp(this.door, unsent);
    account.open.delete(this);
    account.ended(this.door, clock.now() - this.since);
    origin.reader?.release();
    onEnd();
  }

  get maxSilenceMs(): number {
    const { idleMs, halfClosedIdleMs } = this.#options.deadlines.timeouts;
    return this.#isHalfClosed ? halfClosedIdleMs : idleMs;
  }

  expire(): void {
    this.cut("shutdown");
  }

  #watch(): void {
    if (this.#closed < 2) watchLife(this, this.#options.deadlines, this.#options.clock);
  }
}
