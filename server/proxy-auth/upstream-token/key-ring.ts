import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import {
  JWKS_MAX_AGE_SECONDS,
  type RegisteredJwtKey,
  type RegisterJwtKeyInput,
  UPSTREAM_TOKEN_SECONDS,
} from "#lib/schemas/jwks.ts";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";

const ROTATE_MS = 12 * 3_600_000;
const RENEW_MS = 60_000;
const RETRY_MS = 1_000;
/** Readers of the key set ask again within its max-age; the rest is for clocks and slow answers. */
const SETTLE_MS = (JWKS_MAX_AGE_SECONDS + 1) * 1_000;
/** As long as its last token may be checked, by a reader whose clock is a minute off. */
const RETIRE_MS = (UPSTREAM_TOKEN_SECONDS + 60) * 1_000;

export type SigningKey = { kid: string; privateKey: CryptoKey };
type HeldKey = SigningKey & {
  input: RegisterJwtKeyInput;
  madeAt: number;
  /** Readers know it from then on, until its lease ends. */
  knownFrom: number;
  leaseEndsAt: number;
};
type KeyRingOptions = {
  register: (input: RegisterJwtKeyInput) => Promise<RegisteredJwtKey>;
  clock: Clock;
  logger: Logger;
};

/**
 * This process's signing keys. The private halves cannot be exported and die with the process; the public ones are
 * registered with the panel and renewed, so that a panel that lost them learns them again.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  /** Newest first. */
  #keys: HeldKey[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #underWay: Promise<void> | null = null;
  #wasRefused = false;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** Null: no key yet that every reader of the key set must know. */
  get current(): SigningKey | null {
    const now = this.#options.clock.now();
    const margin = UPSTREAM_TOKEN_SECONDS * 1_000;
    return this.#keys.find((key) => key.knownFrom <= now && key.leaseEndsAt - margin > now) ?? null;
  }

  start(): void {
    void this.renew();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Also when the panel may have forgotten: it was restored, or answers after being away. */
  renew(): Promise<void> {
    this.#underWay ??= this.#renew().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #renew(): Promise<void> {
    clearTimeout(this.#timer);
    let delay = RENEW_MS;
    try {
      await this.#turn();
      for (const key of this.#keys) await this.#register(key);
      if (this.#wasRefused) this.#options.logger.info("the signing keys are registered again");
      this.#wasRefused = false;
    } catch (error) {
      delay = RETRY_MS;
      if (!this.#wasRefused) this.#options.logger.warn({ err: error }, "the signing keys are not registered");
      this.#wasRefused = true;
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.renew(), delay);
    this.#timer.unref();
  }

  /** A new key when the newest is old; the one before goes when no token of it can be good. */
  async #turn(): Promise<void> {
    const now = this.#options.clock.now();
    const [newest] = this.#keys;
    if (!newest || now - newest.madeAt >= ROTATE_MS) this.#keys.unshift(await makeKey(now));
    const since = this.#keys.find(({ knownFrom }) => knownFrom <= now);
    if (since && now - since.knownFrom > RETIRE_MS)
      this.#keys = this.#keys.filter(({ madeAt }) => madeAt >= since.madeAt);
  }

  async #register(key: HeldKey): Promise<void> {
    const { register, clock } = this.#options;
    const { isNew, leaseSeconds } = await register(key.input);
    const now = clock.now();
    if (isNew || key.leaseEndsAt <= now) key.knownFrom = now + SETTLE_MS;
    key.leaseEndsAt = now + leaseSeconds * 1_000;
  }
}

async function makeKey(now: number): Promise<HeldKey> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: false });
  const { x = "", y = "" } = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint({ kty: "EC", crv: "P-256", x, y });
  return {
    kid,
    privateKey,
    input: { kid, x, y },
    madeAt: now,
    knownFrom: Number.POSITIVE_INFINITY,
    leaseEndsAt: 0,
  };
}
