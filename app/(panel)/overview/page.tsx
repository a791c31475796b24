import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { OverviewPage } from "#components/overview/overview-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { readStatus } from "#server/api/read-status.ts";
import { getWebRuntime } from "#server/api/web-runtime.ts";
import { listUsers } from "#server/users/list-users.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function Page() {
  const { ctx } = await requireOperator("/overview");
  const [status, top] = await Promise.all([
    readFirst(readStatus(ctx, getWebRuntime())),
    readFirst(listUsers({ ctx, query: { sort: "usedBytes", order: "desc", limit: 5 } })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.status, status],
        [queryKeys.topUsers, top],
      ]}
    >
      <OverviewPage />
    </Hydrate>
  );
}
