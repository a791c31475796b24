import type { Metadata } from "next";
import { Suspense } from "react";
import { Hydrate } from "#app/hydrate.tsx";
import { requirePerson } from "#app/require-person.ts";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { UsagePage } from "#components/usage/usage-page.tsx";
import { DEFAULT_RANGE } from "#components/usage/usage-range.ts";
import { UsageSkeleton } from "#components/usage/usage-skeleton.tsx";
import { type UsageRange, usageSeriesQuerySchema } from "#lib/schemas/usage.ts";
import type { Context } from "#server/context.ts";
import { getUsage } from "#server/usage/get-usage.ts";
import { getUsageSeries } from "#server/usage/get-usage-series.ts";
import { getUser } from "#server/users/get-user.ts";

export const metadata: Metadata = { title: "Usage" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const range = usageSeriesQuerySchema.shape.range.catch(DEFAULT_RANGE).parse(params.range);
  const { ctx } = await requirePerson(range === DEFAULT_RANGE ? "/usage" : `/usage?range=${range}`);
  return (
    <Suspense fallback={<UsageSkeleton />}>
      <View ctx={ctx} range={range} />
    </Suspense>
  );
}

async function View({ ctx, range }: { ctx: Context; range: UsageRange }) {
  const [user, usage, series] = await Promise.all([
    getUser({ ctx, ref: "me" }),
    getUsage({ ctx, ref: "me" }),
    getUsageSeries({ ctx, ref: "me", range }),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.user("me"), user],
        [queryKeys.usage("me"), usage],
        [queryKeys.usageSeries("me", range), series],
      ]}
    >
      <UrlState>
        <UsagePage />
      </UrlState>
    </Hydrate>
  );
}
