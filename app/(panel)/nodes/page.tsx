import type { Metadata } from "next";
import { Suspense } from "react";
import { Hydrate } from "#app/hydrate.tsx";
import { requireOperator } from "#app/require-operator.ts";
import { NodesPage } from "#components/nodes/nodes-page.tsx";
import { NodesSkeleton } from "#components/nodes/nodes-skeleton.tsx";
import { queryKeys } from "#components/query-keys.ts";
import type { Context } from "#server/context.ts";
import { listNodes } from "#server/nodes/list-nodes.ts";

export const metadata: Metadata = { title: "Nodes" };

export default async function Page() {
  const { ctx } = await requireOperator("/nodes");
  return (
    <Suspense fallback={<NodesSkeleton />}>
      <View ctx={ctx} />
    </Suspense>
  );
}

async function View({ ctx }: { ctx: Context }) {
  const items = await listNodes({ ctx });
  return (
    <Hydrate entries={[[queryKeys.nodes, { items }]]}>
      <NodesPage />
    </Hydrate>
  );
}
