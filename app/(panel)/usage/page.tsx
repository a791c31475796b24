import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requirePerson } from "#app/require-person.ts";
import { loadChartTime, toChartQuery } from "#components/charts/chart-time.ts";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { UsagePage } from "#components/usage/usage-page.tsx";
import { getUsage } from "#server/usage/get-usage.ts";
import { getUsageSeries } from "#server/usage/get-usage-series.ts";
import { getUser } from "#server/users/get-user.ts";

export const metadata: Metadata = { title: "Usage" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const query = toChartQuery(await loadChartTime(searchParams));
  const { ctx } = await requirePerson(`/usage?range=${query.range}`);
  const [user, usage, series] = await Promise.all([
    readFirst(getUser({ ctx, ref: "me" })),
    readFirst(getUsage({ ctx, ref: "me" })),
    readFirst(getUsageSeries({ ctx, ref: "me", query })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.user("me"), user],
        [queryKeys.usage("me"), usage],
        [queryKeys.usageSeries("me", query), series],
      ]}
    >
      <UrlState>
        <UsagePage />
      </UrlState>
    </Hydrate>
  );
}
