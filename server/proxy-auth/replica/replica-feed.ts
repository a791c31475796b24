import type { Redis } from "ioredis";
import { CHANGES_CHANNEL, type Changes } from "#lib/schemas/internal.ts";
import type { Logger } from "#server/logger.ts";
import type { InternalApi } from "./internal-api.ts";
import type { Replica } from "./replica.ts";

const POLL_MS = 2_000;

type FeedOptions = {
  api: InternalApi;
  replica: Replica;
  subscriber: Redis;
  logger: Logger;
  /** A usage report is on its way: its totals are newer than rows read meanwhile. */
  isReporting: () => boolean;
  /** Changes that are in effect here from now on. */
  onEffect: (changed: Changes["changed"]) => void;
  onEnded: (changes: Pick<Changes, "endedSessions" | "revokedTokens">) => void;
  /** The feed was pruned or begins anew: what ended meanwhile is unknown. */
  onReloaded: () => void;
};

/** Keeps the replica at the panel's revision: pulls on Redis's word or every 2 s, reloads when it is too far behind. */
export class ReplicaFeed {
  readonly #options: FeedOptions;
  #timer: NodeJS.Timeout | null = null;
  #pulling: Promise<boolean> | null = null;
  #again = false;
  #needsReload = true;
  #isAway = false;
  #isStopped = false;
  #inEffect = 0;
  announced = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { subscriber, logger } = this.#options;
    subscriber.on("message", (channel: string, message: string) => {
      if (channel !== CHANGES_CHANNEL) return;
      this.announced = Math.max(this.announced, Number(message) || 0);
      void this.pull();
    });
    subscriber
      .subscribe(CHANGES_CHANNEL)
      .catch((error) => logger.warn({ err: error }, "cannot listen for changes"));
    this.#timer = setInterval(() => void this.pull(), POLL_MS);
    await this.pull();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Resolves when no pull is under way. */
  async whenQuiet(): Promise<void> {
    await this.#pulling;
  }

  /** One pull at a time; asked for during one, another follows it. True = the panel was reached. */
  pull(): Promise<boolean> {
    if (this.#isStopped) return Promise.resolve(false);
    if (this.#pulling) {
      this.#again = true;
      return this.#pulling;
    }
    this.#pulling = this.#pullOnce().finally(() => {
      this.#pulling = null;
      if (this.#again) {
        this.#again = false;
        void this.pull();
      }
    });
    return this.#pulling;
  }

  async #pullOnce(): Promise<boolean> {
    const { replica, logger } = this.#options;
    try {
      if (this.#needsReload) await this.#reload();
      else await this.#follow();
      replica.heard();
      if (this.#isAway) logger.info({ revision: replica.revision }, "the panel is back");
      this.#isAway = false;
      return true;
    } catch (error) {
      if (!this.#isAway) logger.warn({ err: error }, "the panel is away; known users keep working");
      this.#isAway = true;
      return false;
    }
  }

  async #reload(): Promise<void> {
    const { api, replica, logger } = this.#options;
    const { header, users } = await api.readReplica();
    const key = Buffer.from(header.proxyPasswordKey, "base64");
    replica.rules.load(header);
    await replica.loadInTurns({ revision: header.revision, key, users, contactAt: replica.contactAt });
    this.#needsReload = false;
    this.#options.onReloaded();
    logger.info({ revision: header.revision, users: users.length }, "took the replica");
  }

  async #follow(): Promise<void> {
    const { api, replica, isReporting, onEnded } = this.#options;
    const wasReporting = isReporting();
    const changes = await api.readChanges(replica.revision);
    if (changes.isPruned || changes.revision < replica.revision) {
      this.#needsReload = true;
      return this.#reload();
    }
    onEnded(changes);
    if (replica.rules.follow(changes)) replica.version += 1;
    const keepsUsed = wasReporting || isReporting();
    for (const { id, user } of changes.users) {
      const known = keepsUsed ? replica.findById(id) : null;
      replica.put(id, user && known ? { ...user, usedBytes: known.usedBytes } : user);
    }
    this.#options.onEffect(changes.changed.filter(({ revision }) => revision > this.#inEffect));
    this.#inEffect = Math.max(this.#inEffect, changes.revision);
    // Rows read beside a report may hold an older usedBytes than its answer: read them again after it.
    if (keepsUsed && changes.users.length > 0) setTimeout(() => void this.pull(), 50).unref();
    else replica.revision = changes.revision;
  }
}
