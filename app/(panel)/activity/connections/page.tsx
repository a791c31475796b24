import type { Metadata } from "next";
import { createLoader } from "nuqs/server";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { CONNECTIONS_SHOWN, connectionParsers } from "#components/connections/connection-query.ts";
import { ConnectionsPage } from "#components/connections/connections-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { getWebRuntime } from "#server/api/web-runtime.ts";
import { listConnections } from "#server/connections/list-connections.ts";

export const metadata: Metadata = { title: "Connections" };

const loadConnectionFilters = createLoader(connectionParsers);

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { user } = await loadConnectionFilters(searchParams);
  const { ctx } = await requireOperator("/activity/connections");
  const { redis } = getWebRuntime();
  const whose = user === null ? {} : { ref: user };
  const list = await readFirst(listConnections({ ctx, redis, limit: CONNECTIONS_SHOWN, ...whose }));
  return (
    <Hydrate entries={[[queryKeys.connections(user), list]]}>
      <UrlState>
        <ConnectionsPage />
      </UrlState>
    </Hydrate>
  );
}
