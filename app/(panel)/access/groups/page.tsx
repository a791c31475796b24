import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { GroupsPage } from "#components/groups/groups-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { listGroups } from "#server/groups/list-groups.ts";

export const metadata: Metadata = { title: "Groups" };

export default async function Page() {
  const { ctx } = await requireOperator("/access/groups");
  const items = await readFirst(listGroups({ ctx }));
  return (
    <Hydrate entries={[[queryKeys.groups, items && { items }]]}>
      <UrlState>
        <GroupsPage />
      </UrlState>
    </Hydrate>
  );
}
