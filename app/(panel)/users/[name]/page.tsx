import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { rangeParser } from "#components/usage/usage-range.ts";
import { UserPage } from "#components/users/user-page.tsx";
import { getUsage } from "#server/usage/get-usage.ts";
import { getUsageSeries } from "#server/usage/get-usage-series.ts";
import { getUser } from "#server/users/get-user.ts";

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ range?: string | string[] }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name);
  const range = rangeParser.parseServerSide((await searchParams).range);
  const { ctx } = await requireOperator(`/users/${encodeURIComponent(name)}`);
  const [user, usage, series] = await Promise.all([
    readFirst(getUser({ ctx, ref: name })),
    readFirst(getUsage({ ctx, ref: name })),
    readFirst(getUsageSeries({ ctx, ref: name, range })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.user(name), user],
        [queryKeys.usage(name), usage],
        [queryKeys.usageSeries(name, range), series],
      ]}
    >
      <UrlState>
        <UserPage name={name} />
      </UrlState>
    </Hydrate>
  );
}
