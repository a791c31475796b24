import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { ActivityPage } from "#components/activity/activity-page.tsx";
import { activityKey } from "#components/activity/activity-query.ts";
import { UrlState } from "#components/url-state.tsx";
import { auditQuerySchema } from "#lib/schemas/status.ts";
import { listAudit } from "#server/audit/list-audit.ts";

export const metadata: Metadata = { title: "Activity" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const user = auditQuerySchema.shape.user.catch(undefined).parse(params.user) ?? null;
  const { ctx } = await requireOperator(
    user === null ? "/activity" : `/activity?user=${encodeURIComponent(user)}`,
  );
  const page = await readFirst(listAudit({ ctx, query: user === null ? {} : { user } }));
  return (
    <Hydrate entries={[[activityKey(user), page && { pages: [page], pageParams: [null] }]]}>
      <UrlState>
        <ActivityPage />
      </UrlState>
    </Hydrate>
  );
}
