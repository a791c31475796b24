import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { type SessionRecord, sessionRecordSchema } from "#lib/schemas/internal.ts";

export const SESSION_COOKIE = "__Host-causeway";
/** An entry may be wrong for this long at most, should a drop be lost with Redis. */
export const SESSION_CACHE_SECONDS = 60;
/** Longer than an entry lives: a reader that fetched the row before the end cannot cache it afterwards. */
const TOMBSTONE_SECONDS = 120;
const ENDED = "ended";
const OPAQUE_ID = /^[A-Za-z0-9_-]{43}$/;

const key = (idHash: string) => `session:${idHash}`;

/** SHA-256 in hex of a cookie's value; null when it cannot be one of ours (nothing needs to be asked then). */
export function hashSessionId(value: string): string | null {
  return OPAQUE_ID.test(value) ? createHash("sha256").update(value).digest("hex") : null;
}

/** The record, "ended" when it was ended a moment ago, or null: ask the truth. Throws while Redis is away. */
export async function readCachedSession(
  redis: Redis,
  idHash: string,
): Promise<SessionRecord | "ended" | null> {
  const text = await redis.get(key(idHash));
  if (text === null) return null;
  if (text === ENDED) return "ended";
  const parsed = sessionRecordSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** Never overwrites: an entry is either the same or a tombstone. */
export async function cacheSession(redis: Redis, idHash: string, record: SessionRecord): Promise<void> {
  const leftSeconds = Math.floor((record.expiresAt - Date.now()) / 1000);
  if (leftSeconds < 1) return;
  await redis.set(
    key(idHash),
    JSON.stringify(record),
    "EX",
    Math.min(SESSION_CACHE_SECONDS, leftSeconds),
    "NX",
  );
}

/** For a session that has ended. */
export async function dropCachedSession(redis: Redis, idHash: string): Promise<void> {
  await redis.set(key(idHash), ENDED, "EX", TOMBSTONE_SECONDS);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
