import type { Redis } from "ioredis";
import { addReadings, type Reading, type Registry } from "#server/metrics.ts";
import { readWithin } from "#server/read-within.ts";

const WITHIN_MS = 700;

type Info = ReadonlyMap<string, string>;
const numberOf = (info: Info, field: string) => Number(info.get(field) ?? 0);

const METRICS: readonly Reading<Info>[] = [
  { name: "causeway_redis_up", help: "1 while Redis answers.", kind: "gauge", read: () => 1, otherwise: 0 },
  {
    name: "causeway_redis_memory_bytes",
    help: "Memory that Redis uses for data.",
    kind: "gauge",
    read: (info) => numberOf(info, "used_memory"),
  },
  {
    name: "causeway_redis_memory_max_bytes",
    help: "Memory that Redis may use; 0 = no limit.",
    kind: "gauge",
    read: (info) => numberOf(info, "maxmemory"),
  },
  {
    name: "causeway_redis_clients",
    help: "Connected clients.",
    kind: "gauge",
    read: (info) => numberOf(info, "connected_clients"),
  },
  {
    name: "causeway_redis_keys",
    help: "Keys in our database.",
    kind: "gauge",
    read: (info) => Number(/keys=(\d+)/.exec(info.get("db0") ?? "")?.[1] ?? 0),
  },
  {
    name: "causeway_redis_uptime_seconds",
    help: "Time since Redis started.",
    kind: "gauge",
    read: (info) => numberOf(info, "uptime_in_seconds"),
  },
  {
    name: "causeway_redis_commands_total",
    help: "Commands processed.",
    kind: "counter",
    read: (info) => numberOf(info, "total_commands_processed"),
  },
  {
    name: "causeway_redis_evicted_keys_total",
    help: "Keys dropped for want of memory.",
    kind: "counter",
    read: (info) => numberOf(info, "evicted_keys"),
  },
  {
    name: "causeway_redis_expired_keys_total",
    help: "Keys whose time was over.",
    kind: "counter",
    read: (info) => numberOf(info, "expired_keys"),
  },
  {
    name: "causeway_redis_keyspace_lookups_total",
    help: "Keys looked for, found (hit) or not (miss).",
    kind: "counter",
    labels: ["result"],
    read: (info) => [
      [{ result: "hit" }, numberOf(info, "keyspace_hits")],
      [{ result: "miss" }, numberOf(info, "keyspace_misses")],
    ],
  },
  {
    name: "causeway_redis_rejected_connections_total",
    help: "Connections refused for want of room.",
    kind: "counter",
    read: (info) => numberOf(info, "rejected_connections"),
  },
];

/** From INFO; a silent Redis costs a scrape less than a second. */
export function addRedisMetrics(registry: Registry, redis: Redis): void {
  const read = readWithin(WITHIN_MS, async () => parseInfo(await redis.info()));
  addReadings(registry, read, METRICS);
}

function parseInfo(text: string): Info {
  const lines = text.split("\r\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
}
