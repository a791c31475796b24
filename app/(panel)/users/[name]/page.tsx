import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { requireOperator } from "#app/require-operator.ts";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { rangeParser } from "#components/usage/usage-range.ts";
import { UserPage } from "#components/users/user-page.tsx";
import { AppError } from "#server/errors.ts";
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
  const read = await Promise.all([
    getUser({ ctx, ref: name }),
    getUsage({ ctx, ref: name }),
    getUsageSeries({ ctx, ref: name, range }),
  ]).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "NOT_FOUND") return null;
    throw error;
  });
  if (!read)
    return (
      <UrlState>
        <UserPage name={name} />
      </UrlState>
    );
  const [user, usage, series] = read;
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
