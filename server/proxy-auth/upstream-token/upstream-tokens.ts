import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { UPSTREAM_TOKEN_SECONDS } from "#lib/schemas/jwks.ts";
import type { Clock } from "#server/clock.ts";
import type { Identity } from "../forward-auth/decide.ts";
import type { KeyRing, SigningKey } from "./key-ring.ts";

/** What a token has left when it is sent for the last time: more than any upstream needs to read it. */
const REUSED_MS = (UPSTREAM_TOKEN_SECONDS * 1_000) / 2;
const MAX_TOKENS = 10_000;

type Entry = { token: Promise<string>; kid: string; until: number };
type TokenFor = {
  identity: Identity;
  audience: string /** Which sign-in or API token. */;
  credential: string;
};

/** Says to one upstream who the visitor is (ES256, a minute). A page's burst of requests is signed once. */
export class UpstreamTokens {
  readonly #ring: KeyRing;
  readonly #issuer: string;
  readonly #clock: Clock;
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_TOKENS });

  constructor(options: { ring: KeyRing; issuer: string; clock: Clock }) {
    this.#ring = options.ring;
    this.#issuer = new URL(options.issuer).origin;
    this.#clock = options.clock;
  }

  /** Null: no key that readers know of, try again in a few seconds. */
  async tokenFor({ identity, audience, credential }: TokenFor): Promise<string | null> {
    const key = this.#ring.current;
    if (!key) return null;
    const now = this.#clock.now();
    const { id, name, email, role, groups } = identity;
    // All that the token says is in the key: a changed role or address is said at once.
    const cacheKey = JSON.stringify([audience, credential, id, name, email, role, groups]);
    const known = this.#entries.get(cacheKey);
    if (known && known.kid === key.kid && known.until > now) return known.token;
    const token = this.#sign(key, identity, audience, now);
    this.#entries.set(cacheKey, { token, kid: key.kid, until: now + REUSED_MS });
    token.catch(() => this.#entries.delete(cacheKey));
    return token;
  }

  #sign(key: SigningKey, identity: Identity, audience: string, now: number): Promise<string> {
    const seconds = Math.floor(now / 1_000);
    const { id, name, email, role, groups } = identity;
    return new SignJWT({ name, ...(email === null ? {} : { email }), role, groups: [role, ...groups] })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: key.kid })
      .setIssuer(this.#issuer)
      .setAudience(audience)
      .setSubject(id)
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setNotBefore(seconds)
      .setExpirationTime(seconds + UPSTREAM_TOKEN_SECONDS)
      .sign(key.privateKey);
  }
}
