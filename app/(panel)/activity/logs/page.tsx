import type { Metadata } from "next";
import { createLoader } from "nuqs/server";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { LOG_PAGE, logKey, logParsers, toLogQuery } from "#components/logs/log-query.ts";
import { LogsPage } from "#components/logs/logs-page.tsx";
import { UrlState } from "#components/url-state.tsx";
import { getWebRuntime } from "#server/api/web-runtime.ts";
import { listLogs } from "#server/logs/list-logs.ts";

export const metadata: Metadata = { title: "Logs" };

/** Here, where it is needed: the browser has no use for it. */
const loadLogFilters = createLoader(logParsers);

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const filters = await loadLogFilters(searchParams);
  const { ctx } = await requireOperator("/activity/logs");
  const { env: settings, clock } = getWebRuntime();
  const query = { ...toLogQuery(filters, clock.now()), limit: LOG_PAGE };
  const page = await readFirst(listLogs({ ctx, settings, query }));
  return (
    <Hydrate entries={[[logKey(filters), page && { pages: [page], pageParams: [null] }]]}>
      <UrlState>
        <LogsPage />
      </UrlState>
    </Hydrate>
  );
}
