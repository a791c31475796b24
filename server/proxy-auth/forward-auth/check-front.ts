import { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Deadline, Deadlines } from "../net/deadlines.ts";
import { enterStage, ignoreFromNowOn, leaveStages, type Stage } from "../net/stage.ts";
import { type CheckHead, parseCheckHead } from "./check-head.ts";

const MAX_HEAD_BYTES = 128 * 1024;
const HEAD_MS = 30_000;
/** Longer than Traefik's 90 s, so that it never reuses a connection that is just closing. */
const KEEP_ALIVE_MS = 100_000;
const EMPTY = Buffer.alloc(0);

export type CheckDesk = {
  deadlines: Deadlines;
  /** The bytes of an answer known at once, or null. */
  answerNow: (head: CheckHead, socket: Socket) => string | null;
  /** Every other question. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** To node:http, which closes behind its answer: the next question has a connection of its own. */
  handOver: (socket: Socket) => void;
  /** Open connections. */
  fronts: Set<CheckFront>;
};

/**
 * A connection from Traefik, asked on again and again. Read here, an answer from memory costs a read, a look-up and a
 * write; node:http's objects are made only for questions that have to be thought about.
 */
export class CheckFront implements Stage {
  readonly #desk: CheckDesk;
  readonly #socket: Socket;
  #bytes: Buffer = EMPTY;
  #deadline: Deadline | null = null;
  #isAnswering = false;
  #hasAsked = false;

  constructor(socket: Socket, desk: CheckDesk) {
    this.#socket = socket;
    this.#desk = desk;
  }

  start(): void {
    this.#desk.fronts.add(this);
    this.#allow(HEAD_MS);
    enterStage(this.#socket, this);
  }

  /** `isIdleOnly`: one that is being answered goes on, and one that has not asked yet: no client asks that again. */
  close(isIdleOnly: boolean): void {
    if (isIdleOnly && (this.#isAnswering || this.#bytes.length > 0 || !this.#hasAsked)) return;
    this.onClose();
    ignoreFromNowOn(this.#socket);
    this.#socket.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.#bytes.length === 0 && !this.#isAnswering) this.#allow(HEAD_MS);
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (!this.#isAnswering) this.#read();
    else if (this.#bytes.length > MAX_HEAD_BYTES) this.#socket.pause();
  }

  onDrain(): void {}

  onEnd(): void {
    if (!this.#isAnswering) this.#socket.end();
  }

  onError(): void {
    this.#socket.destroy();
  }

  onClose(): void {
    this.#desk.deadlines.cancel(this.#deadline);
    this.#desk.fronts.delete(this);
  }

  /** For what is awaited now. */
  #allow(ms: number): void {
    const { deadlines } = this.#desk;
    deadlines.cancel(this.#deadline);
    this.#deadline = deadlines.after(ms, () => this.close(false));
  }

  #read(): void {
    const bytes = this.#bytes;
    const end = bytes.indexOf("\r\n\r\n");
    if (end === -1 && bytes.length <= MAX_HEAD_BYTES) return;
    const head =
      end === -1 || end > MAX_HEAD_BYTES ? null : parseCheckHead(bytes.toString("latin1", 0, end + 4));
    if (head === null) {
      this.#giveToNode(bytes);
      return;
    }
    this.#hasAsked = true;
    this.#bytes = bytes.length === end + 4 ? EMPTY : bytes.subarray(end + 4);
    const known = this.#desk.answerNow(head, this.#socket);
    if (known === null) this.#ask(head);
    else {
      this.#socket.write(known, "latin1");
      this.#next();
    }
  }

  #next(): void {
    this.#allow(KEEP_ALIVE_MS);
    if (this.#bytes.length > 0)
      setImmediate(() => this.#bytes.length > 0 && !this.#isAnswering && this.#read());
    else if (this.#socket.readableEnded) this.#socket.end();
  }

  #ask({ url, headers, rawHeaders }: CheckHead): void {
    const socket = this.#socket;
    this.#isAnswering = true;
    this.#desk.deadlines.cancel(this.#deadline);
    const request = new IncomingMessage(socket);
    Object.assign(request, {
      method: "GET",
      url,
      httpVersion: "1.1",
      httpVersionMajor: 1,
      httpVersionMinor: 1,
    });
    Object.assign(request, { headers, rawHeaders, complete: true });
    request.push(null);
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.on("finish", () => {
      response.detachSocket(socket);
      this.#isAnswering = false;
      enterStage(socket, this);
      if (!response.shouldKeepAlive) socket.end();
      else {
        socket.resume();
        this.#next();
      }
    });
    this.#desk.answer(request, response);
  }

  #giveToNode(bytes: Buffer): void {
    const socket = this.#socket;
    this.onClose();
    socket.pause();
    leaveStages(socket);
    socket.unshift(bytes);
    this.#desk.handOver(socket);
  }
}
