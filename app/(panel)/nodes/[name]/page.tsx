import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { loadChartTime, toChartQuery } from "#components/charts/chart-time.ts";
import { NodePage } from "#components/nodes/node-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { listNodes } from "#server/nodes/list-nodes.ts";
import { getTotalUsageSeries } from "#server/usage/get-total-usage-series.ts";

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name);
  const query = toChartQuery(await loadChartTime(searchParams));
  const { ctx } = await requireOperator(`/nodes/${encodeURIComponent(name)}`);
  const asked = { ...query, node: name };
  const [items, usage] = await Promise.all([
    readFirst(listNodes({ ctx })),
    readFirst(getTotalUsageSeries({ ctx, query: asked })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.nodes, items && { items }],
        [queryKeys.totalUsage(asked), usage],
      ]}
    >
      <UrlState>
        <NodePage name={name} />
      </UrlState>
    </Hydrate>
  );
}
