import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requirePerson } from "#app/require-person.ts";
import { queryKeys } from "#components/query-keys.ts";
import { SecurityPage } from "#components/security/security-page.tsx";
import { listSessions } from "#server/session-rows/list-sessions.ts";

export const metadata: Metadata = { title: "Security" };

export default async function Page() {
  const { ctx } = await requirePerson("/security");
  const items = await readFirst(listSessions({ ctx }));
  return (
    <Hydrate entries={[[queryKeys.sessions, items && { items }]]}>
      <SecurityPage />
    </Hydrate>
  );
}
