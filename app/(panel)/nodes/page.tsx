import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { NodesPage } from "#components/nodes/nodes-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { listNodes } from "#server/nodes/list-nodes.ts";

export const metadata: Metadata = { title: "Nodes" };

export default async function Page() {
  const { ctx } = await requireOperator("/nodes");
  const items = await readFirst(listNodes({ ctx }));
  return (
    <Hydrate entries={[[queryKeys.nodes, items && { items }]]}>
      <NodesPage />
    </Hydrate>
  );
}
