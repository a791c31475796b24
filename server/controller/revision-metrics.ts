import { addReadings, type Registry } from "#server/metrics.ts";
import type { PostgresReader } from "./postgres-metrics.ts";

/** How far each node has come; behind is known only while Postgres says where the feed ends. */
export function addRevisionMetrics(
  registry: Registry,
  revisionByNode: ReadonlyMap<string, number>,
  readPostgres: PostgresReader,
): void {
  const consumerOf = (node: string) => ({ consumer: `node:${node}` });
  addReadings(registry, () => revisionByNode, [
    {
      name: "causeway_revision",
      help: "Revision of the change feed that is applied.",
      kind: "gauge",
      labels: ["consumer"],
      read: (revisions) => [...revisions].map(([node, revision]) => [consumerOf(node), revision] as const),
    },
  ]);
  addReadings(registry, readPostgres, [
    {
      name: "causeway_revision_behind",
      help: "Revisions that exist and are not applied yet.",
      kind: "gauge",
      labels: ["consumer"],
      read: ({ revision }) =>
        [...revisionByNode].map(
          ([node, applied]) => [consumerOf(node), Math.max(0, revision - applied)] as const,
        ),
    },
  ]);
}
