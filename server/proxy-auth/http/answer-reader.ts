import { type AnswerHead, parseAnswerHead } from "./answer-head.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { readFields } from "./head-fields.ts";
import { endToEndHeaders, formatFields, formatHead, valuesOf } from "./headers.ts";
import type { PlainHead } from "./plain-head.ts";

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_INTERIM = 16;
const EMPTY = Buffer.alloc(0);
const HINTS = 103;
/** RFC 9110 §6.5.1: what frames or routes a message has no place behind it. */
const NO_TRAILERS = [
  "content-length",
  "host",
  "content-encoding",
  "content-type",
  "content-range",
  "trailer",
];

/** `out` goes to the client; `isKept`: the origin's connection can be used again. */
export type AnswerRead = { out: Buffer; isComplete: boolean; isKept: boolean };

/** Turns an origin's bytes into the client's, whatever pieces they come in. */
export class AnswerReader {
  readonly #request: Pick<PlainHead, "method" | "isLast">;
  readonly #chunks = new ChunkReader();
  #head: AnswerHead | null = null;
  #early: Buffer = EMPTY;
  #interim = 0;
  #left = 0;
  hasBegun = false;

  constructor(request: Pick<PlainHead, "method" | "isLast">) {
    this.#request = request;
  }

  /** The client has the head of the answer. */
  get isAnswered(): boolean {
    return this.#head !== null;
  }

  /** The end of the connection is the end of the body. */
  get endsWithConnection(): boolean {
    return this.#head?.framing.kind === "close";
  }

  /** Whether this many bytes are body alone, and not the last of it. */
  isInside(length: number): boolean {
    const kind = this.#head?.framing.kind;
    return kind === "close" || (kind === "length" && length < this.#left);
  }

  /** null = this is no HTTP. */
  take(bytes: Buffer): AnswerRead | null {
    this.hasBegun = true;
    if (this.#head) return this.#readBody(this.#head, bytes);
    const known = this.#early.length;
    let rest = known === 0 ? bytes : Buffer.concat([this.#early, bytes]);
    let interim = "";
    for (let from = Math.max(0, known - 3); ; from = 0) {
      const end = rest.indexOf("\r\n\r\n", from);
      if (end > MAX_HEAD_BYTES || (end === -1 && rest.length > MAX_HEAD_BYTES)) return null;
      if (end === -1) break;
      const head = parseAnswerHead(rest.toString("latin1", 0, end + 4), this.#request.method);
      rest = rest.subarray(end + 4);
      if (head === null || head.status === 101) return null;
      if (head.status >= 200) return this.#begin(head, interim, rest);
      this.#interim += 1;
      if (this.#interim > MAX_INTERIM) return null;
      interim += hintsOf(head);
    }
    this.#early = rest;
    return { out: Buffer.from(interim, "latin1"), isComplete: false, isKept: false };
  }

  #begin(head: AnswerHead, interim: string, rest: Buffer): AnswerRead | null {
    this.#head = head;
    this.#early = EMPTY;
    const { status, framing, httpVersion } = head;
    const drop = status === 204 ? ["content-length"] : [];
    const headers = endToEndHeaders(head.headers, { httpVersion, drop });
    if (framing.kind === "chunked") headers.push("Transfer-Encoding", "chunked");
    if (framing.kind === "close" || this.#request.isLast) headers.push("Connection", "close");
    if (framing.kind === "length") this.#left = framing.bytes;
    const out = Buffer.from(interim + formatHead(status, head.reason, headers), "latin1");
    const body = this.#readBody(head, rest);
    if (body === null) return null;
    return { ...body, out: body.out.length === 0 ? out : Buffer.concat([out, body.out]) };
  }

  #readBody({ framing, isKept }: AnswerHead, bytes: Buffer): AnswerRead | null {
    if (framing.kind === "close") return { out: bytes, isComplete: false, isKept: false };
    if (framing.kind === "length") {
      const out = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
      this.#left -= out.length;
      // More than it said: what else it says cannot be trusted.
      return { out, isComplete: this.#left === 0, isKept: isKept && out.length === bytes.length };
    }
    const read = this.#chunks.take(bytes);
    if (read === null) return null;
    const body = bytes.subarray(0, read.bodyEnd);
    if (read.end === null) return { out: body, isComplete: false, isKept: false };
    const { used, trailers } = read.end;
    const out = Buffer.concat([body, Buffer.from(`${cleanTrailers(trailers)}\r\n`, "latin1")]);
    return { out, isComplete: true, isKept: isKept && used === bytes.length };
  }
}

/** 103 with its links; every other interim answer was meant for us or is told by the final one. */
function hintsOf({ status, headers }: AnswerHead): string {
  const links = status === HINTS ? valuesOf(headers, "link") : [];
  if (links.length === 0) return "";
  const fields = links.flatMap((link) => ["Link", link]);
  return formatHead(HINTS, undefined, fields);
}

function cleanTrailers(lines: string): string {
  if (lines === "") return "";
  const kept = endToEndHeaders(readFields(lines), { httpVersion: "1.1", drop: NO_TRAILERS });
  // Without the Via that comes last: the head has it.
  return formatFields(kept.slice(0, -2));
}
