import type { OnReadOpts } from "node:net";
import { type BufferPool, ReadBuffer } from "./read-buffer.ts";

export interface OriginSink {
  /** false: held back; reading stops until the socket is resumed. */
  readonly mayRead: boolean;
  /** Reads stay small: one read is one turn among a limited user's tunnels. */
  readonly readsLittle: boolean;
  /** Bytes of its own; false = stop reading until the socket is resumed. */
  takeCopy(bytes: Buffer): boolean;
  /** Bytes in a buffer that is read into again; false = they are not written out yet, stop until `flushed`. */
  takeBorrowed(bytes: Buffer): boolean;
}

/** Connects Node's `onread` to a tunnel that exists only after the dial. */
export class OriginReader {
  readonly #buffer: ReadBuffer;
  #sink: OriginSink | null = null;
  #lastCount = 0;
  #isFlushed = true;

  constructor(pool: BufferPool) {
    this.#buffer = new ReadBuffer(pool);
  }

  /** Options for net.connect. The buffer is asked for after each read, so it can grow and shrink. */
  get onread(): OnReadOpts {
    return {
      buffer: () => this.#nextBuffer(),
      callback: (count, buffer) => {
        this.#lastCount = count;
        const bytes = (buffer as Buffer).subarray(0, count);
        const sink = this.#sink;
        if (sink === null) return false;
        // The first buffer belongs to everybody: what is written from it must not wait there.
        if (this.#buffer.isShared) return sink.takeCopy(Buffer.from(bytes)) && sink.mayRead;
        this.#isFlushed = sink.takeBorrowed(bytes);
        return this.#isFlushed && sink.mayRead;
      },
    };
  }

  attach(sink: OriginSink): void {
    this.#sink = sink;
  }

  /** The last bytes are written out: the buffer may be filled again. True when reading had stopped for them. */
  flushed(): boolean {
    const wasWaiting = !this.#isFlushed;
    this.#isFlushed = true;
    return wasWaiting;
  }

  release(): void {
    this.#buffer.release(this.#isFlushed);
  }

  #nextBuffer(): Buffer {
    if (!this.#isFlushed) return this.#buffer.current;
    return this.#sink?.readsLittle ? this.#buffer.shrink() : this.#buffer.adapt(this.#lastCount);
  }
}
