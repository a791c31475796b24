import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { loadChartTime, toChartQuery } from "#components/charts/chart-time.ts";
import { ChartsPanel } from "#components/observability/charts-panel.tsx";
import { ObservabilityShell } from "#components/observability/observability-shell.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { getTotalUsageSeries } from "#server/usage/get-total-usage-series.ts";

export const metadata: Metadata = { title: "Observability" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const query = toChartQuery(await loadChartTime(searchParams));
  const { ctx } = await requireOperator("/observability");
  const usage = await readFirst(getTotalUsageSeries({ ctx, query }));
  return (
    <Hydrate entries={[[queryKeys.totalUsage(query), usage]]}>
      <UrlState>
        <ObservabilityShell>
          <ChartsPanel />
        </ObservabilityShell>
      </UrlState>
    </Hydrate>
  );
}
