import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";
import { networkOf } from "../net/network-of.ts";
import type { InternalApi } from "./internal-api.ts";

const MAX_USERS = 10_000;
const KEPT_MS = 60_000;
const TIMEOUT_MS = 500;
/** A storm of guesses at many names must cost the panel next to nothing. */
const MAX_UNDER_WAY = 8;

/** Where users have come in from before, as the panel remembers: asked only about who is being guessed at. */
export class KnownNetworks {
  readonly #api: Pick<InternalApi, "listAddresses">;
  readonly #clock: Clock;
  readonly #byUser = new LRUCache<string, { networks: ReadonlySet<string>; at: number }>({ max: MAX_USERS });
  readonly #underWay = new Map<string, Promise<ReadonlySet<string> | null>>();

  constructor(options: { api: Pick<InternalApi, "listAddresses">; clock: Clock }) {
    this.#api = options.api;
    this.#clock = options.clock;
  }

  async has(userId: string, network: string): Promise<boolean> {
    const known = this.#byUser.get(userId);
    if (known && this.#clock.now() - known.at < KEPT_MS) return known.networks.has(network);
    const asking = this.#underWay.get(userId) ?? this.#ask(userId);
    return (await asking)?.has(network) ?? known?.networks.has(network) ?? false;
  }

  #ask(userId: string): Promise<ReadonlySet<string> | null> {
    if (this.#underWay.size >= MAX_UNDER_WAY) return Promise.resolve(null);
    const asking = this.#api
      .listAddresses(userId, TIMEOUT_MS)
      .then((addresses) => {
        const networks = new Set(addresses.map(networkOf));
        this.#byUser.set(userId, { networks, at: this.#clock.now() });
        return networks;
      })
      .catch(() => null)
      .finally(() => this.#underWay.delete(userId));
    this.#underWay.set(userId, asking);
    return asking;
  }
}
