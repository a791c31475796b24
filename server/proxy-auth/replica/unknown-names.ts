import { LRUCache } from "lru-cache";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { userNameSchema } from "#lib/schemas/user.ts";
import type { Clock } from "#server/clock.ts";
import type { InternalApi } from "./internal-api.ts";

const NEGATIVE_MS = 2_000;
const TIMEOUT_MS = 1_000;
const MAX_NAMES = 10_000;
const MAX_UNDER_WAY = 16;

/**
 * Asks the panel for names the replica does not know: a user made a moment ago. One question a name at a time, a
 * short memory of "no", and few questions at once, so that a storm of guesses costs the panel next to nothing.
 */
export class UnknownNames {
  readonly #api: InternalApi;
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Promise<ReplicaUser | null>>();
  readonly #deniedUntil = new LRUCache<string, number>({ max: MAX_NAMES });

  readonly #onLookup: (isHit: boolean) => void;

  constructor(options: { api: InternalApi; clock: Clock; onLookup?: (isHit: boolean) => void }) {
    this.#onLookup = options.onLookup ?? (() => {});
    this.#api = options.api;
    this.#clock = options.clock;
  }

  async find(name: string): Promise<ReplicaUser | null> {
    if (!userNameSchema.safeParse(name).success) return null;
    const isHit = (this.#deniedUntil.get(name) ?? 0) > this.#clock.now();
    this.#onLookup(isHit);
    if (isHit) return null;
    const underWay = this.#underWay.get(name);
    if (underWay) return underWay;
    if (this.#underWay.size >= MAX_UNDER_WAY) return null;
    const asking = this.#api
      .findUserByName(name, TIMEOUT_MS)
      .catch(() => null)
      .finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, asking);
    const user = await asking;
    if (user === null) this.#deniedUntil.set(name, this.#clock.now() + NEGATIVE_MS);
    return user;
  }
}
