/** The first is shared by all tunnels, the others belong to one each while it is busy. */
const SIZES = [16 * 1024, 64 * 1024, 256 * 1024, 1024 * 1024] as const;
const MAX_POOLED = 32;
/** Above this many large buffers in use, tunnels stay at 64 KiB: memory stays bounded. */
const MAX_LARGE = 64;

/** Buffers of 64 KiB and more, shared by the tunnels that are busy just now. */
export class BufferPool {
  /** Read into by every tunnel that is not busy. Its bytes are copied out in the same turn of the event loop. */
  readonly shared = Buffer.allocUnsafeSlow(SIZES[0]);
  readonly #free = new Map<number, Buffer[]>();
  #large = 0;

  take(level: number): Buffer {
    const size = SIZES[level] ?? SIZES[0];
    if (level === 0) return this.shared;
    if (level > 1) this.#large += 1;
    return this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
  }

  /** `isReusable` false: the kernel may still read from it, so it is left to the garbage collector. */
  give(buffer: Buffer, isReusable: boolean): void {
    if (buffer === this.shared) return;
    if (buffer.length > SIZES[1]) this.#large -= 1;
    if (!isReusable) return;
    const free = this.#free.get(buffer.length) ?? [];
    if (free.length < MAX_POOLED) free.push(buffer);
    this.#free.set(buffer.length, free);
  }

  canGrow(level: number): boolean {
    return level < SIZES.length - 1 && (level === 0 || this.#large < MAX_LARGE);
  }
}

/**
 * The read buffer of one tunnel's origin: nothing of its own while idle, up to 1 MiB while the origin fills it. It
 * replaces one allocation for each 64 KiB that Node's stream would read.
 */
export class ReadBuffer {
  readonly #pool: BufferPool;
  #level = 0;
  #buffer: Buffer;

  constructor(pool: BufferPool) {
    this.#pool = pool;
    this.#buffer = pool.shared;
  }

  get current(): Buffer {
    return this.#buffer;
  }

  get isShared(): boolean {
    return this.#level === 0;
  }

  /** After a read of `count` bytes which has been written out completely: the buffer for the next read. */
  adapt(count: number): Buffer {
    const size = this.#buffer.length;
    if (count === size && this.#pool.canGrow(this.#level)) this.#change(this.#level + 1);
    else if (this.#level > 0 && count < size / 8) this.#change(this.#level - 1);
    return this.#buffer;
  }

  /** Back to the shared one. */
  shrink(): Buffer {
    if (this.#level > 0) this.#change(0);
    return this.#buffer;
  }

  /** Gives the buffer back. */
  release(isReusable: boolean): void {
    this.#pool.give(this.#buffer, isReusable);
    this.#level = 0;
    this.#buffer = EMPTY;
  }

  #change(level: number): void {
    this.#pool.give(this.#buffer, true);
    this.#level = level;
    this.#buffer = this.#pool.take(level);
  }
}

const EMPTY = Buffer.alloc(0);
