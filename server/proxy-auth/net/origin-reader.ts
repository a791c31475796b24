import type { OnReadOpts } from "node:net";
import { type BufferPool, ReadBuffer } from "./read-buffer.ts";

/** Told of bytes from the origin; false = they are not written out yet, stop reading until told to resume. */
export type OriginSink = (bytes: Buffer) => boolean;

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
      buffer: () => (this.#isFlushed ? this.#buffer.adapt(this.#lastCount) : this.#buffer.current),
      callback: (count, bytes) => {
        this.#lastCount = count;
        const slice = (bytes as Buffer).subarray(0, count);
        this.#isFlushed = this.#sink?.(slice) ?? false;
        return this.#isFlushed;
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
}
