import type { Redis } from "ioredis";
import { CHANGES_CHANNEL } from "#lib/schemas/internal.ts";

const holder = globalThis as { causewayChangesRedis?: Redis };

/** The connection on which revisions are said; without one, consumers still pull every 2 s. */
export function initChanges({ redis }: { redis: Redis }): void {
  holder.causewayChangesRedis = redis;
}

/** Says "up to N" after a commit. Redis away is no error: whoever misses it pulls. */
export async function publishRevision(revision: number): Promise<void> {
  await holder.causewayChangesRedis?.publish(CHANGES_CHANNEL, String(revision)).catch(() => undefined);
}
