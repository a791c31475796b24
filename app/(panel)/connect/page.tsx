import type { Metadata } from "next";
import { headers } from "next/headers";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requirePerson } from "#app/require-person.ts";
import { ConnectPage } from "#components/connect/connect-page.tsx";
import { detectSystem } from "#components/connect/systems.ts";
import { queryKeys } from "#components/query-keys.ts";
import { getUser } from "#server/users/get-user.ts";
import { getUserSecrets } from "#server/users/get-user-secrets.ts";

export const metadata: Metadata = { title: "Connect" };

export default async function Page() {
  const { ctx } = await requirePerson("/connect");
  const [user, secrets, requestHeaders] = await Promise.all([
    readFirst(getUser({ ctx, ref: "me" })),
    readFirst(getUserSecrets({ ctx, ref: "me" })),
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
