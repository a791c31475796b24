import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { queryKeys } from "#components/query-keys.ts";
import { SettingsPage } from "#components/settings/settings-page.tsx";
import { UrlState } from "#components/url-state.tsx";
import { listTokens } from "#server/tokens/list-tokens.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  const { ctx } = await requireOperator("/settings");
  const items = await readFirst(listTokens({ ctx }));
  return (
    <Hydrate entries={[[queryKeys.tokens, items && { items }]]}>
      <UrlState>
        <SettingsPage />
      </UrlState>
    </Hydrate>
  );
}
