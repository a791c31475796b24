import type { Metadata } from "next";
import { Suspense } from "react";
import { Hydrate } from "#app/hydrate.tsx";
import { requireOperator } from "#app/require-operator.ts";
import { queryKeys } from "#components/query-keys.ts";
import { SettingsPage } from "#components/settings/settings-page.tsx";
import { SettingsSkeleton } from "#components/settings/settings-skeleton.tsx";
import { UrlState } from "#components/url-state.tsx";
import type { Context } from "#server/context.ts";
import { listTokens } from "#server/tokens/list-tokens.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  const { ctx } = await requireOperator("/settings");
  return (
    <Suspense fallback={<SettingsSkeleton />}>
      <View ctx={ctx} />
    </Suspense>
  );
}

async function View({ ctx }: { ctx: Context }) {
  const items = await listTokens({ ctx });
  return (
    <Hydrate entries={[[queryKeys.tokens, { items }]]}>
      <UrlState>
        <SettingsPage />
      </UrlState>
    </Hydrate>
  );
}
