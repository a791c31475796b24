import { promises as dns } from "node:dns";
import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";
import { DialError } from "./failures.ts";
import { createHostsFile } from "./hosts-file.ts";

const MAX_TTL_SECONDS = 60;
const NEGATIVE_TTL_SECONDS = 2;
const CACHE_ENTRIES = 10_000;
/** Of one server; c-ares tries twice. */
const QUERY_TIMEOUT_MS = 2_000;

/** All addresses of a name, at once when they are known; throws or rejects with a DialError. */
export type Resolve = (host: string) => readonly string[] | Promise<readonly string[]>;
type Answer = { until: number; addresses: readonly string[]; error: DialError | null };
type Records = { addresses: string[]; ttl: number; failure: unknown };

/** Names by c-ares (never the thread pool that getaddrinfo blocks), with its TTLs, one question at a time a name. */
export function createResolver(options: {
  clock: Clock;
  servers?: string[];
  hostsPath?: string;
  onLookup?: (isHit: boolean) => void;
}): Resolve {
  const { clock } = options;
  const resolver = new dns.Resolver({ timeout: QUERY_TIMEOUT_MS, tries: 2, maxTimeout: QUERY_TIMEOUT_MS });
  if (options.servers) resolver.setServers(options.servers);
  const lookupHosts = createHostsFile(clock, options.hostsPath);
  const cache = new LRUCache<string, Answer>({ max: CACHE_ENTRIES });
  const underWay = new Map<string, Promise<Answer>>();

  const ask = async (host: string): Promise<Answer> => {
    const local = await lookupHosts(host);
    if (local.length > 0) return { until: 0, addresses: local, error: null };
    const [v4, v6] = await Promise.all([
      query(() => resolver.resolve4(host, { ttl: true })),
      query(() => resolver.resolve6(host, { ttl: true })),
    ]);
    const addresses = [...v4.addresses, ...v6.addresses];
    if (addresses.length === 0) {
      const error = new DialError(
        isTimeout(v4.failure) && isTimeout(v6.failure) ? "dns-timeout" : "dns-error",
        v4.failure,
      );
      return { until: clock.now() + NEGATIVE_TTL_SECONDS * 1000, addresses, error };
    }
    const ttl = Math.min(v4.ttl, v6.ttl, MAX_TTL_SECONDS);
    return { until: clock.now() + ttl * 1000, addresses, error: null };
  };

  const askOnce = async (host: string): Promise<readonly string[]> => {
    const asking = underWay.get(host) ?? ask(host).finally(() => underWay.delete(host));
    underWay.set(host, asking);
    const answer = await asking;
    cache.set(host, answer);
    return read(answer);
  };
  return (host) => {
    if (host === "localhost" || host.endsWith(".localhost")) return ["127.0.0.1", "::1"];
    const answer = cache.get(host);
    const isHit = answer !== undefined && answer.until > clock.now();
    options.onLookup?.(isHit);
    return isHit ? read(answer) : askOnce(host);
  };
}

function read({ error, addresses }: Answer): readonly string[] {
  if (error) throw error;
  return addresses;
}

async function query(run: () => Promise<{ address: string; ttl: number }[]>): Promise<Records> {
  try {
    const records = await run();
    const ttl = records.reduce((least, record) => Math.min(least, record.ttl), MAX_TTL_SECONDS);
    return { addresses: records.map((record) => record.address), ttl, failure: null };
  } catch (failure) {
    return { addresses: [], ttl: MAX_TTL_SECONDS, failure };
  }
}

function isTimeout(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : "";
  return code === "ETIMEOUT" || code === "ECONNREFUSED" || code === "ECANCELLED";
}
