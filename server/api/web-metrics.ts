import { readRevision } from "#server/changes/read-revision.ts";
import { addReadings, type Registry } from "#server/metrics.ts";
import { readWithin } from "#server/read-within.ts";
import { addReadiness } from "#server/readiness.ts";
import { countUsers } from "#server/users/count-users.ts";
import { MAY_BE_MISSING, type Missing } from "./health.ts";

const WITHIN_MS = 700;

/** At 100 000 users the count reads a whole index: not at every scrape of every replica. */
const COUNT_EVERY_MS = 60_000;

/** What is read at scrape time. The counts are two small queries; a silent Postgres gets them once at a time. */
export function addWebMetrics(registry: Registry, findMissing: () => Promise<Missing[]>): void {
  addReadings(registry, readWithin(WITHIN_MS, seldom(countUsers)), [
    {
      name: "causeway_users",
      help: "Accounts by status.",
      kind: "gauge",
      labels: ["status"],
      read: ({ active, disabled, limited, expired, onHold }) =>
        Object.entries({ active, disabled, limited, expired, on_hold: onHold }).map(
          ([status, count]) => [{ status }, count] as const,
        ),
    },
  ]);
  // Web keeps no copy of its own: what it shows is the newest revision, by which others are measured.
  addReadings(
    registry,
    readWithin(WITHIN_MS, () => readRevision()),
    [
      {
        name: "causeway_revision",
        help: "Revision of the change feed that is applied.",
        kind: "gauge",
        labels: ["consumer"],
        read: (revision) => [[{ consumer: "web" }, revision]],
      },
      {
        name: "causeway_revision_behind",
        help: "Revisions that exist and are not applied yet.",
        kind: "gauge",
        labels: ["consumer"],
        read: () => [[{ consumer: "web" }, 0]],
      },
    ],
  );
  addReadiness(registry, MAY_BE_MISSING, findMissing);
}

function seldom<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: { value: T; at: number } | null = null;
  return async () => {
    if (known === null || performance.now() - known.at >= COUNT_EVERY_MS)
      known = { value: await ask(), at: performance.now() };
    return known.value;
  };
}
