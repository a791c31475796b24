import type { Socket } from "node:net";
import { connectionId } from "../net/connection-id.ts";
import type { Deadline } from "../net/deadlines.ts";
import type { Dialling, Origin } from "../net/dial.ts";
import { type FailureKind, failureOf } from "../net/failures.ts";
import type { OriginSink } from "../net/origin-reader.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { enterStage, type Stage } from "../net/stage.ts";
import { formatTarget } from "../net/target.ts";
import { type Mortal, watchLife } from "../net/watch-life.ts";
import type { Account, Cuttable, OpenConnection } from "../usage/account.ts";
import { AnswerReader } from "./answer-reader.ts";
import { failureAnswer, formatAnswer } from "./answers.ts";
import { dropOrigin } from "./origin-pool.ts";
import { formatPlainHead } from "./plain-head.ts";
import type { PlainOptions } from "./plain-options.ts";

const MAX_PENDING = 64 * 1024;
const EMPTY = Buffer.alloc(0);
let nextId = 1;

/**
 * One GET or HEAD on bare sockets: a quarter of what it costs through node:http's two streams and two parsers. Only what
 * was read and understood goes on, written anew; the origin's connection is kept for the next one.
 */
export class PlainExchange implements Stage, OriginSink, Cuttable, Mortal {
  readonly door = "http";
  readonly mayRead = true;
  readonly readsLittle = false;
  readonly #options: PlainOptions;
  readonly #account: Account;
  readonly #key: string;
  readonly since: number;
  readonly #id = nextId++;
  readonly #answer: AnswerReader;
  #origin: Origin | null = null;
  #dialling: Dialling | null = null;
  deadline: Deadline | null = null;
  #pending: Buffer;
  lastActive: number;
  #isReused = false;
  #isOver = false;
  #upBytes = 0;
  #downBytes = 0;
  /** What the origin's socket has written when all of this request has left. */
  #writtenAtEnd = 0;

  constructor(options: PlainOptions) {
    const { admitted, target, doors, early, head } = options;
    const { user } = admitted;
    this.#options = options;
    this.#account = admitted.account;
    this.#pending = early;
    this.since = doors.clock.now();
    this.lastActive = this.since;
    this.#key = `${user.id} ${doors.rulesOf(user)} ${target.host} ${target.port}`;
    this.#answer = new AnswerReader(head);
  }

  start(): void {
    const { socket, client, doors, pool } = this.#options;
    this.#account.open.add(this);
    this.#account.opened(this.door, client.address, this.since);
    doors.metrics.begin("http");
    enterStage(socket, this);
    watchLife(this, doors.deadlines, doors.clock);
    const kept = pool.take(this.#key);
    if (kept) this.#send(kept, true);
    else this.#dial();
  }

  cut(): void {
    resetSocket(this.#options.socket);
    this.#finish(false);
  }

  describe(): OpenConnection {
    const { client, target } = this.#options;
    return {
      id: connectionId(`plain-${this.#id}`),
      door: this.door,
      ip: client.address,
      target: formatTarget(target),
      upBytes: this.#upBytes,
      downBytes: this.#downBytes,
      since: this.since,
    };
  }

  onData(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    if (this.#pending.length > MAX_PENDING) this.#options.socket.pause();
  }

  onDrain(socket: Socket): void {
    if (socket === this.#options.socket) this.#origin?.socket.resume();
  }

  onEnd(socket: Socket): void {
    // A client that closes before its answer has gone, and what it asked for goes too.
    if (socket === this.#options.socket) socket.destroy();
    else if (this.#answer.endsWithConnection) this.#complete(false);
    else this.#fail("terminated");
  }

  onError(error: Error, socket: Socket): void {
    if (socket === this.#options.socket) socket.destroy();
    else this.#fail(failureOf(error));
  }

  onClose(socket: Socket): void {
    if (this.#isOver) return;
    if (socket === this.#options.socket) this.#finish(false);
    else this.#fail("terminated");
  }

  takeCopy(bytes: Buffer): boolean {
    this.#count(bytes.length);
    return this.#read(bytes, null);
  }

  takeBorrowed(bytes: Buffer): boolean {
    this.#count(bytes.length);
    // Only the middle of a long body is worth it: a head is read, and behind the end the buffer is free at once.
    const isMiddle = this.#answer.isInside(bytes.length);
    if (!isMiddle) return this.#read(Buffer.from(bytes), null);
    this.#read(bytes, this.#onFlushed);
    return this.#options.socket.writableLength === 0;
  }

  readonly #onFlushed = (): void => {
    const { socket } = this.#options;
    if (socket.writableLength === 0 && this.#origin?.reader?.flushed()) this.#origin.socket.resume();
  };

  #dial(): void {
    const { doors, target } = this.#options;
    this.#dialling = doors.dial({
      target,
      userId: this.#account.userId,
      isRaw: true,
      account: null,
      onDone: ({ origin, error }) => {
        this.#dialling = null;
        if (error) this.#fail(error.kind);
        else this.#send(origin, false);
      },
    });
  }

  #send(origin: Origin, isReused: boolean): void {
    const { head, target } = this.#options;
    this.#origin = origin;
    this.#isReused = isReused;
    enterStage(origin.socket, this, false);
    const text = formatPlainHead(head, target);
    this.#writtenAtEnd = origin.socket.bytesWritten + text.length;
    this.#upBytes += text.length;
    origin.socket.write(text, "latin1");
    this.#account.countUp("http", text.length);
    if (this.#isOver) return;
    origin.reader?.attach(this);
    origin.socket.resume();
  }

  #count(length: number): void {
    this.lastActive = this.#options.doors.clock.now();
    this.#downBytes += length;
    this.#account.countDown("http", length);
  }

  /** Whether the origin may go on. */
  #read(bytes: Buffer, onWritten: (() => void) | null): boolean {
    if (this.#isOver) return false;
    const { socket } = this.#options;
    const read = this.#answer.take(bytes);
    if (read === null) {
      this.#fail("bad-answer");
      return false;
    }
    let isFlowing = true;
    if (read.out.length > 0 && !socket.destroyed)
      isFlowing = onWritten ? socket.write(read.out, onWritten) : socket.write(read.out);
    if (read.isComplete) this.#complete(read.isKept);
    return isFlowing || read.isComplete;
  }

  #complete(isOriginKept: boolean): void {
    const { pool, head } = this.#options;
    const origin = this.#origin;
    if (isOriginKept && origin !== null && !this.#isOver) {
      this.#origin = null;
      this.#settle(origin);
      pool.put(this.#key, origin);
    }
    this.#finish(!head.isLast && !this.#answer.endsWithConnection);
  }

  #fail(kind: FailureKind): void {
    if (this.#isOver) return;
    const { socket, head, doors } = this.#options;
    if (this.#isReused && kind === "terminated" && !this.#answer.hasBegun) {
      this.#dropOrigin();
      this.#isReused = false;
      this.#dial();
      return;
    }
    if (this.#answer.isAnswered) {
      // A clean end would pass a part for the whole.
      socket.destroy();
      this.#finish(false);
      return;
    }
    doors.metrics.refused.inc({ door: "http", reason: kind });
    this.#account.refused(this.door, kind);
    socket.write(formatAnswer(failureAnswer(kind), { isLast: head.isLast, hasBody: head.method === "GET" }));
    this.#finish(!head.isLast);
  }

  #finish(isKept: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { doors, slot, socket, onDone } = this.#options;
    doors.deadlines.cancel(this.deadline);
    this.#dialling?.cancel();
    this.#dropOrigin();
    this.#account.open.delete(this);
    this.#account.ended(this.door, doors.clock.now() - this.since);
    doors.metrics.end("http");
    slot.release();
    if (!socket.destroyed) onDone({ pending: this.#pending, isKept });
    this.#pending = EMPTY;
  }

  #dropOrigin(): void {
    const origin = this.#origin;
    if (origin === null) return;
    this.#origin = null;
    this.#settle(origin);
    dropOrigin(origin);
  }

  /** What was handed over but never left (the origin died) was not written to it. */
  #settle(origin: Origin): void {
    const unsent = origin.socket.bytesWritten - this.#writtenAtEnd;
    if (unsent >= 0) return;
    this.#upBytes += unsent;
    this.#account.countUp("http", unsent);
  }

  get maxSilenceMs(): number {
    return this.#options.doors.deadlines.timeouts.requestIdleMs;
  }

  expire(isTooOld: boolean): void {
    if (isTooOld) this.cut();
    else this.#fail("timeout");
  }
}
