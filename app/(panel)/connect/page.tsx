import type { Metadata } from "next";
import { headers } from "next/headers";
import { Suspense } from "react";
import { Hydrate } from "#app/hydrate.tsx";
import { requirePerson } from "#app/require-person.ts";
import { ConnectPage } from "#components/connect/connect-page.tsx";
import { ConnectSkeleton } from "#components/connect/connect-skeleton.tsx";
import { detectSystem } from "#components/connect/systems.ts";
import { queryKeys } from "#components/query-keys.ts";
import type { Context } from "#server/context.ts";
import { getUser } from "#server/users/get-user.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";

export const metadata: Metadata = { title: "Connect" };

export default async function Page() {
  const { ctx } = await requirePerson("/connect");
  return (
    <Suspense fallback={<ConnectSkeleton />}>
      <View ctx={ctx} />
    </Suspense>
  );
}

async function View({ ctx }: { ctx: Context }) {
  const [user, secrets, requestHeaders] = await Promise.all([
    getUser({ ctx, ref: "me" }),
    getUserSecrets({ ctx, ref: "me" }),
    headers(),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.user("me"), user],
        [queryKeys.userLinks("me"), secrets],
      ]}
    >
      <ConnectPage detected={detectSystem(requestHeaders.get("user-agent") ?? "")} />
    </Hydrate>
  );
}
