import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { RulesPage } from "#components/access/rules-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { getAccessPolicy } from "#server/access/get-access-policy.ts";

export const metadata: Metadata = { title: "Access" };

export default async function Page() {
  const { ctx } = await requireOperator("/access");
  const policy = await readFirst(getAccessPolicy({ ctx }));
  return (
    <Hydrate entries={[[queryKeys.accessPolicy, policy]]}>
      <UrlState>
        <RulesPage />
      </UrlState>
    </Hydrate>
  );
}
