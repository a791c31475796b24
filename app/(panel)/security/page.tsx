import type { Metadata } from "next";
import { Suspense } from "react";
import { Hydrate } from "#app/hydrate.tsx";
import { requirePerson } from "#app/require-person.ts";
import { queryKeys } from "#components/query-keys.ts";
import { SecurityPage } from "#components/security/security-page.tsx";
import { SecuritySkeleton } from "#components/security/security-skeleton.tsx";
import type { Context } from "#server/context.ts";
import { listSessions } from "#server/session-rows/list-sessions.ts";

export const metadata: Metadata = { title: "Security" };

export default async function Page() {
  const { ctx } = await requirePerson("/security");
  return (
    <Suspense fallback={<SecuritySkeleton />}>
      <View ctx={ctx} />
    </Suspense>
  );
}

async function View({ ctx }: { ctx: Context }) {
  const items = await listSessions({ ctx });
  return (
    <Hydrate entries={[[queryKeys.sessions, { items }]]}>
      <SecurityPage />
    </Hydrate>
  );
}
