import type { Redis } from "ioredis";
import type { SessionRecord, TokenRecord } from "#lib/schemas/internal.ts";
import type { Clock } from "#server/clock.ts";
import { readCachedSession } from "#server/session-store.ts";
import type { InternalApi } from "../replica/internal-api.ts";
import { CachedLookup, type OnLookup } from "./cached-lookup.ts";
import { UnseenSessions } from "./unseen-sessions.ts";

const MAX_ENTRIES = 50_000;
/** How long a logout may go unseen when neither the feed nor Redis's word reaches us. */
const SESSION_AGE_MS = 5_000;
const TOKEN_AGE_MS = 30_000;
const NEGATIVE_AGE_MS = 2_000;
/** Redis keeps a session for 60 s, its tombstone for 120 s. */
const REVOKED_FOR_MS = 120_000;
const REDIS_WAIT_MS = 300;

/** Sessions: our memory, then Redis, then the panel. */
export function createSessionLookup(options: {
  redis: Redis;
  api: InternalApi;
  clock: Clock;
  onLookup?: OnLookup;
  /** A cookie was not looked at. */
  onSpent?: () => void;
}): CachedLookup<SessionRecord> {
  const { redis, api, clock, onLookup } = options;
  const unseen = new UnseenSessions(options);
  const sessions: CachedLookup<SessionRecord> = new CachedLookup<SessionRecord>({
    clock,
    max: MAX_ENTRIES,
    maxAgeMs: SESSION_AGE_MS,
    maxNegativeAgeMs: NEGATIVE_AGE_MS,
    revokedForMs: REVOKED_FOR_MS,
    idOf: (_record, idHash) => idHash,
    ...(onLookup && { onLookup }),
    fetch: async (idHash, signal, from) => {
      const cached = await within(readCachedSession(redis, idHash), REDIS_WAIT_MS).catch(() => null);
      if (cached === "ended") return null;
      if (cached) return cached;
      const ask = () => api.findSession(idHash, signal);
      return sessions.wasRight(idHash) ? ask() : unseen.look(from, signal, ask);
    },
  });
  return sessions;
}

/** API tokens: our memory, then the panel. */
export function createTokenLookup(options: {
  api: InternalApi;
  clock: Clock;
  onLookup?: OnLookup;
}): CachedLookup<TokenRecord> {
  return new CachedLookup<TokenRecord>({
    clock: options.clock,
    max: MAX_ENTRIES,
    maxAgeMs: TOKEN_AGE_MS,
    maxNegativeAgeMs: NEGATIVE_AGE_MS,
    revokedForMs: REVOKED_FOR_MS,
    idOf: (record) => record.tokenId,
    ...(options.onLookup && { onLookup: options.onLookup }),
    fetch: (tokenHash, signal) => options.api.verifyToken(tokenHash, signal),
  });
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Redis is slow")), ms);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
