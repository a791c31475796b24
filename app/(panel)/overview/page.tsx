import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { loadChartTime, toChartQuery } from "#components/charts/chart-time.ts";
import { OverviewPage } from "#components/overview/overview-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { readStatus } from "#server/api/read-status.ts";
import { getWebRuntime } from "#server/api/web-runtime.ts";
import { getTotalUsageSeries } from "#server/usage/get-total-usage-series.ts";
import { listUsers } from "#server/users/list-users.ts";

export const metadata: Metadata = { title: "Overview" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const query = toChartQuery(await loadChartTime(searchParams));
  const { ctx } = await requireOperator("/overview");
  const [status, top, usage] = await Promise.all([
    readFirst(readStatus(ctx, getWebRuntime())),
    readFirst(listUsers({ ctx, query: { sort: "usedBytes", order: "desc", limit: 5 } })),
    readFirst(getTotalUsageSeries({ ctx, query })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.status, status],
        [queryKeys.topUsers, top],
        [queryKeys.totalUsage(query), usage],
      ]}
    >
      <UrlState>
        <OverviewPage />
      </UrlState>
    </Hydrate>
  );
}
