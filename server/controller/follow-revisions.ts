import type { Redis } from "ioredis";
import { CHANGES_CHANNEL } from "#lib/schemas/internal.ts";

/** Calls `onRevision` at every "up to N". What is missed while Redis is away, the 2 s pull finds. */
export function followRevisions(subscriber: Redis, onRevision: () => void): void {
  subscriber.on("message", (channel) => {
    if (channel === CHANGES_CHANNEL) onRevision();
  });
  // Back after an absence: something may have been said meanwhile.
  subscriber.on("ready", onRevision);
  subscriber.subscribe(CHANGES_CHANNEL).catch(() => undefined);
}
