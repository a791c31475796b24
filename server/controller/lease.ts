import { holdLease } from "#server/leases/hold-lease.ts";

const TTL_SECONDS = 4;
const RENEW_AFTER_MS = 1_000;

/** A lease of this process, renewed as a side effect of asking; safe to ask from several loops at once. */
export class Lease {
  readonly #name: string;
  readonly #holder: string;
  #asked: Promise<boolean> | null = null;
  #askedAt = 0;

  constructor(name: string, holder: string) {
    this.#name = name;
    this.#holder = holder;
  }

  /** Throws while Postgres is away: whether it is held is then not known. */
  async isHeld(now: number): Promise<boolean> {
    if (this.#asked === null || now - this.#askedAt >= RENEW_AFTER_MS) {
      this.#askedAt = now;
      this.#asked = holdLease({ name: this.#name, holder: this.#holder, ttlSeconds: TTL_SECONDS });
    }
    const asked = this.#asked;
    try {
      return await asked;
    } catch (error) {
      if (this.#asked === asked) this.#asked = null;
      throw error;
    }
  }
}
