import { addReadings, type Registry } from "#server/metrics.ts";
import type { Replica } from "./replica/replica.ts";
import type { ReplicaFeed } from "./replica/replica-feed.ts";
import type { Accounts } from "./usage/accounts.ts";
import { PROXY_DOORS } from "./usage/door.ts";
import type { UsageJournal } from "./usage/usage-journal.ts";

/** What is read at scrape time. */
export function addProgramMetrics(
  registry: Registry,
  parts: { journal: UsageJournal; replica: Replica; feed: ReplicaFeed; accounts: Accounts },
): void {
  const { journal, replica, feed, accounts } = parts;
  const consumer = "proxy-auth";
  addReadings(registry, () => journal, [
    {
      name: "causeway_journal_entries",
      help: "Usage entries not acknowledged.",
      kind: "gauge",
      read: ({ entries }) => entries,
    },
    {
      name: "causeway_journal_bytes",
      help: "Size of the usage journal on disk.",
      kind: "gauge",
      read: ({ size }) => size,
    },
    {
      name: "causeway_journal_oldest_seconds",
      help: "Age of the oldest unacknowledged usage entry; 0 when there is none.",
      kind: "gauge",
      read: ({ oldestSeconds }) => oldestSeconds,
    },
  ]);
  addReadings(registry, () => replica, [
    {
      name: "causeway_revision",
      help: "Revision of the change feed that is applied.",
      kind: "gauge",
      labels: ["consumer"],
      read: ({ revision }) => [[{ consumer }, revision]],
    },
    {
      name: "causeway_revision_behind",
      help: "Revisions that exist and are not applied yet.",
      kind: "gauge",
      labels: ["consumer"],
      read: ({ revision }) => [[{ consumer }, Math.max(0, feed.announced - revision)]],
    },
    {
      name: "causeway_replica_users",
      help: "Users in the replica.",
      kind: "gauge",
      read: ({ size }) => size,
    },
    {
      name: "causeway_replica_age_seconds",
      help: "Time since the panel was last heard.",
      kind: "gauge",
      read: ({ ageSeconds }) => ageSeconds,
    },
  ]);
  addReadings(registry, () => accounts.countOnline(), [
    {
      name: "causeway_users_online",
      help: "Users with something open.",
      kind: "gauge",
      labels: ["door"],
      read: (online) => PROXY_DOORS.map((door) => [{ door }, online[door].users]),
    },
    {
      name: "causeway_connections_open",
      help: "Connections that carry users' traffic now.",
      kind: "gauge",
      labels: ["door"],
      read: (online) => PROXY_DOORS.map((door) => [{ door }, online[door].connections]),
    },
  ]);
}
