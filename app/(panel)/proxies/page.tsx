import type { Metadata } from "next";
import { Suspense } from "react";
import { Hydrate } from "#app/hydrate.tsx";
import { requirePerson } from "#app/require-person.ts";
import { ProxiesPage } from "#components/proxies/proxies-page.tsx";
import { ProxiesSkeleton } from "#components/proxies/proxies-skeleton.tsx";
import { queryKeys } from "#components/query-keys.ts";
import type { Context } from "#server/context.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";

export const metadata: Metadata = { title: "Proxies" };

export default async function Page() {
  const { ctx } = await requirePerson("/proxies");
  return (
    <Suspense fallback={<ProxiesSkeleton />}>
      <View ctx={ctx} />
    </Suspense>
  );
}

async function View({ ctx }: { ctx: Context }) {
  const secrets = await getUserSecrets({ ctx, ref: "me" });
  return (
    <Hydrate entries={[[queryKeys.userLinks("me"), secrets]]}>
      <ProxiesPage />
    </Hydrate>
  );
}
