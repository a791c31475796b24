import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Deadline } from "../net/deadlines.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { enterStage, ignoreFromNowOn, leaveStages, type Stage } from "../net/stage.ts";
import { badRequest, linger, respondAndClose } from "./answers.ts";
import { connectTo } from "./connect.ts";
import { parseConnectHead } from "./connect-head.ts";
import type { OriginPool } from "./origin-pool.ts";
import { parsePlainHead } from "./plain-head.ts";
import { carryPlain } from "./plain-request.ts";

const MAX_HEAD_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 75_000;
const METHOD = Buffer.from("CONNECT ");
const GET = Buffer.from("GET ");
const HEAD = Buffer.from("HEAD ");
const EMPTY = Buffer.alloc(0);
const NOT_HTTP = "This is no valid HTTP request.";
const CR = 13;
const LF = 10;

/** What all connections of the HTTP proxy share. */
export type FrontDesk = {
  pool: OriginPool;
  /** Connections between two requests. */
  waiting: Set<HttpFront>;
  /** No further request is taken on a connection that has had its answer. */
  isClosing: boolean;
};

type FrontOptions = {
  socket: Socket;
  client: ClientAddress;
  doors: Doors;
  desk: FrontDesk;
  handOver: (socket: Socket) => void;
};

/**
 * A client's connection to the HTTP proxy, before and between requests. CONNECT, and GET and HEAD without a body, are
 * read here and never meet node:http, which costs more than all the rest; at the first other request the connection
 * goes to node:http's parser for good, the request put back.
 */
export class HttpFront implements Stage {
  readonly #options: FrontOptions;
  readonly #socket: Socket;
  readonly #doors: Doors;
  #bytes: Buffer = EMPTY;
  #deadline: Deadline | null = null;
  /** Came while the last answer had not left yet. */
  #heldBack: Buffer | null = null;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#doors = options.doors;
  }

  /** `early`: bytes that have come already. */
  start(early: Buffer): void {
    this.#waitForHead();
    enterStage(this.#socket, this);
    if (early.length > 0) this.onData(early);
  }

  /** Between two requests: nobody loses anything. */
  closeIdle(): void {
    this.onClose();
    this.#close();
  }

  onData(chunk: Buffer): void {
    if (this.#options.desk.waiting.delete(this)) this.#waitForHead();
    const known = this.#bytes.length;
    const bytes = known === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    this.#bytes = bytes;
    if (startsLike(bytes, METHOD)) this.#readConnect(bytes, known);
    else if (startsLike(bytes, GET) || startsLike(bytes, HEAD)) this.#readPlain(bytes, known);
    else this.#giveToNode(bytes);
  }

  onEnd(): void {
    if (this.#heldBack !== null) return;
    this.onClose();
    if (this.#bytes.length === 0) this.#socket.end();
    else this.#socket.destroy();
  }

  onDrain(): void {
    const bytes = this.#heldBack;
    this.#heldBack = null;
    if (bytes !== null) this.#waitForNext(bytes);
  }

  onError(): void {
    this.#socket.destroy();
  }

  onClose(): void {
    this.#options.desk.waiting.delete(this);
    this.#doors.deadlines.cancel(this.#deadline);
  }

  #waitForHead(): void {
    const { deadlines } = this.#doors;
    deadlines.cancel(this.#deadline);
    this.#deadline = deadlines.after(deadlines.timeouts.headMs, () => this.#onTimeout());
  }

  /** An answer has been given; `pending` came behind its request. */
  readonly #onAnswered = ({ pending, isKept }: { pending: Buffer; isKept: boolean }): void => {
    const socket = this.#socket;
    this.#bytes = EMPTY;
    enterStage(socket, this);
    if (!isKept || this.#options.desk.isClosing) this.#close();
    else if (socket.writableNeedDrain) {
      this.#heldBack = pending;
      socket.pause();
    } else this.#waitForNext(pending);
  };

  #waitForNext(pending: Buffer): void {
    const { deadlines } = this.#doors;
    if (pending.length > 0) {
      this.#waitForHead();
      this.#socket.pause();
      // In a turn of its own: a chain of refused requests must not grow the stack.
      setImmediate(() => {
        if (this.#socket.destroyed) return;
        this.#socket.resume();
        this.onData(pending);
      });
    } else if (this.#socket.readableEnded) this.#close();
    else {
      this.#options.desk.waiting.add(this);
      this.#deadline = deadlines.after(KEEP_ALIVE_MS, () => this.closeIdle());
      this.#socket.resume();
    }
  }

  #close(): void {
    ignoreFromNowOn(this.#socket);
    this.#socket.end();
    linger(this.#socket);
  }

  #giveToNode(bytes: Buffer): void {
    const socket = this.#socket;
    this.onClose();
    if (socket.readableEnded) {
      this.#close();
      return;
    }
    socket.pause();
    leaveStages(socket);
    socket.unshift(bytes);
    this.#options.handOver(socket);
  }

  #readPlain(bytes: Buffer, known: number): void {
    const end = bytes.indexOf("\r\n\r\n", Math.max(0, known - 3));
    const isTooLong = end > MAX_HEAD_BYTES || bytes.length > 2 * MAX_HEAD_BYTES;
    if (isTooLong || (end === -1 && (bytes.length > MAX_HEAD_BYTES || hasBareLineEnd(bytes, known)))) {
      this.#giveToNode(bytes);
      return;
    }
    if (end === -1) {
      if (this.#socket.readableEnded) this.#socket.destroy();
      return;
    }
    const head = parsePlainHead(bytes.toString("latin1", 0, end + 4));
    const { client, desk } = this.#options;
    this.#doors.deadlines.cancel(this.#deadline);
    const isCarried =
      head !== null &&
      carryPlain({
        head,
        socket: this.#socket,
        client,
        doors: this.#doors,
        pool: desk.pool,
        early: bytes.subarray(end + 4),
        onDone: this.#onAnswered,
      });
    if (!isCarried) this.#giveToNode(bytes);
  }

  #readConnect(bytes: Buffer, known: number): void {
    const end = bytes.indexOf("\r\n\r\n", Math.max(0, known - 3));
    if (end > MAX_HEAD_BYTES || (end === -1 && bytes.length > MAX_HEAD_BYTES)) {
      this.#refuse(431, "The request's headers are too large.");
      return;
    }
    if (end === -1) {
      if (hasBareLineEnd(bytes, known)) this.#refuse(400, NOT_HTTP);
      return;
    }
    const head = parseConnectHead(bytes.toString("latin1", 0, end + 4));
    if (!head) {
      this.#refuse(400, NOT_HTTP);
      return;
    }
    this.onClose();
    this.#socket.pause();
    connectTo({
      head,
      socket: this.#socket,
      client: this.#options.client,
      early: bytes.subarray(end + 4),
      doors: this.#doors,
    });
  }

  #onTimeout(): void {
    if (this.#bytes.length > 0) {
      this.#refuse(408, "The request did not arrive in time.");
      return;
    }
    this.#doors.metrics.refused.inc({ door: "http", reason: "handshake-timeout" });
    this.#socket.destroy();
  }

  #refuse(status: number, text: string): void {
    this.onClose();
    const reason = status === 408 ? "handshake-timeout" : "bad-request";
    this.#doors.metrics.refused.inc({ door: "http", reason });
    respondAndClose(this.#socket, { ...badRequest(text), status });
  }
}

function startsLike(bytes: Buffer, method: Buffer): boolean {
  const compared = Math.min(bytes.length, method.length);
  return method.compare(bytes, 0, compared, 0, compared) === 0;
}

/** A line that ends in LF alone never completes a head here: said at once, not at the deadline. */
function hasBareLineEnd(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (at === 0 || bytes[at - 1] !== CR) return true;
  }
  return false;
}
