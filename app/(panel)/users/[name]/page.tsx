import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { loadChartTime, toChartQuery } from "#components/charts/chart-time.ts";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { UserPage } from "#components/users/user-page.tsx";
import { getUsage } from "#server/usage/get-usage.ts";
import { getUsageSeries } from "#server/usage/get-usage-series.ts";
import { getUser } from "#server/users/get-user.ts";

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
  const { ctx } = await requireOperator(`/users/${encodeURIComponent(name)}`);
  const [user, usage, series] = await Promise.all([
    readFirst(getUser({ ctx, ref: name })),
    readFirst(getUsage({ ctx, ref: name })),
    readFirst(getUsageSeries({ ctx, ref: name, query })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.user(name), user],
        [queryKeys.usage(name), usage],
        [queryKeys.usageSeries(name, query), series],
      ]}
    >
      <UrlState>
        <UserPage name={name} />
      </UrlState>
    </Hydrate>
  );
}
