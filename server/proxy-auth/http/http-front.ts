import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Deadline } from "../net/deadlines.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { enterStage, leaveStages, type Stage } from "../net/stage.ts";
import { badRequest, respondAndClose } from "./answers.ts";
import { connectTo } from "./connect.ts";
import { parseConnectHead } from "./connect-head.ts";

const MAX_HEAD_BYTES = 64 * 1024;
const METHOD = Buffer.from("CONNECT ");
const EMPTY = Buffer.alloc(0);
const NOT_HTTP = "This is no valid HTTP request.";
const CR = 13;
const LF = 10;

/**
 * A fresh connection of the HTTP proxy. A CONNECT is read here and never meets node:http, which costs as much as the
 * rest of a tunnel's set-up together; every other request is put back into the socket for node:http's parser.
 */
export class HttpFront implements Stage {
  readonly #socket: Socket;
  readonly #client: ClientAddress;
  readonly #doors: Doors;
  readonly #handOver: (socket: Socket) => void;
  #bytes: Buffer = EMPTY;
  #deadline: Deadline | null = null;

  constructor(options: {
    socket: Socket;
    client: ClientAddress;
    doors: Doors;
    handOver: (socket: Socket) => void;
  }) {
    this.#socket = options.socket;
    this.#client = options.client;
    this.#doors = options.doors;
    this.#handOver = options.handOver;
  }

  /** `early`: bytes that have come already. */
  start(early: Buffer): void {
    const { deadlines } = this.#doors;
    this.#deadline = deadlines.after(deadlines.timeouts.headMs, () => this.#onTimeout());
    enterStage(this.#socket, this);
    if (early.length > 0) this.onData(early);
  }

  onData(chunk: Buffer): void {
    const known = this.#bytes.length;
    const bytes = known === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    this.#bytes = bytes;
    const compared = Math.min(bytes.length, METHOD.length);
    if (METHOD.compare(bytes, 0, compared, 0, compared) !== 0) this.#giveToNode(bytes);
    else this.#readConnect(bytes, known);
  }

  onEnd(): void {
    this.onClose();
    if (this.#bytes.length === 0) this.#socket.end();
    else this.#socket.destroy();
  }

  onDrain(): void {}

  onError(): void {
    this.#socket.destroy();
  }

  onClose(): void {
    this.#doors.deadlines.cancel(this.#deadline);
  }

  #giveToNode(bytes: Buffer): void {
    const socket = this.#socket;
    this.onClose();
    socket.pause();
    leaveStages(socket);
    socket.unshift(bytes);
    this.#handOver(socket);
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
      client: this.#client,
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

/** A line that ends in LF alone never completes a head here: said at once, not at the deadline. */
function hasBareLineEnd(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (at === 0 || bytes[at - 1] !== CR) return true;
  }
  return false;
}
