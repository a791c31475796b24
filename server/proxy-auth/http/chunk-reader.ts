import { FIELD_LINES } from "./head-fields.ts";

const SIZE_LINE = /^([0-9a-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i;
const MAX_LINE = 4 * 1024;
const MAX_TRAILERS = 64 * 1024;
const LF = 10;

/** The first `bodyEnd` of the bytes are the body's; `end` tells where it was over and what stood behind it. */
export type ChunksRead = { bodyEnd: number; end: { used: number; trailers: string } | null };

/**
 * Follows a chunked body (RFC 9112 §7.1) through the pieces in which it comes, strictly: only then may its bytes go on
 * as they are. The last chunk's line is the body's, its trailers (lines that FIELD_LINES passes) are told apart.
 */
export class ChunkReader {
  #state: "size" | "data" | "data-end" | "trailers" = "size";
  #line = "";
  #left = 0;

  /** null = not chunked as it should be. */
  take(bytes: Buffer): ChunksRead | null {
    let at = 0;
    while (at < bytes.length && this.#state !== "trailers") {
      if (this.#state === "data") {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
        if (this.#left === 0) this.#state = "data-end";
        continue;
      }
      const lineEnd = bytes.indexOf(LF, at);
      const next = lineEnd === -1 ? bytes.length : lineEnd + 1;
      this.#line += bytes.toString("latin1", at, next);
      at = next;
      if (this.#line.length > MAX_LINE) return null;
      if (this.#state === "data-end" && !"\r\n".startsWith(this.#line)) return null;
      if (lineEnd !== -1 && !this.#endLine()) return null;
    }
    return this.#state === "trailers" ? this.#takeTrailers(bytes, at) : { bodyEnd: at, end: null };
  }

  #takeTrailers(bytes: Buffer, bodyEnd: number): ChunksRead | null {
    const known = this.#line.length;
    const text = this.#line + bytes.toString("latin1", bodyEnd);
    const isEmpty = text.startsWith("\r\n");
    const end = isEmpty ? 0 : text.indexOf("\r\n\r\n", Math.max(0, known - 3)) + 2;
    if (!isEmpty && end === 1) {
      this.#line = text;
      return text.length > MAX_TRAILERS ? null : { bodyEnd, end: null };
    }
    const trailers = text.slice(0, end);
    if (!FIELD_LINES.test(trailers)) return null;
    return { bodyEnd, end: { used: bodyEnd + end + 2 - known, trailers } };
  }

  #endLine(): boolean {
    const line = this.#line;
    this.#line = "";
    if (!line.endsWith("\r\n")) return false;
    if (this.#state === "data-end") {
      this.#state = "size";
      return true;
    }
    const size = SIZE_LINE.exec(line.slice(0, -2))?.[1];
    if (size === undefined) return false;
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailers" : "data";
    return true;
  }
}
