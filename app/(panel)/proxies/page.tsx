import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requirePerson } from "#app/require-person.ts";
import { ProxiesPage } from "#components/proxies/proxies-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";

export const metadata: Metadata = { title: "Proxies" };

export default async function Page() {
  const { ctx } = await requirePerson("/proxies");
  const secrets = await readFirst(getUserSecrets({ ctx, ref: "me" }));
  return (
    <Hydrate entries={[[queryKeys.userLinks("me"), secrets]]}>
      <ProxiesPage />
    </Hydrate>
  );
}
