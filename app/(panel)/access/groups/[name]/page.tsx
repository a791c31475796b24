import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { GroupPage } from "#components/groups/group-page.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { getAccessPolicy } from "#server/access/get-access-policy.ts";
import { listGroups } from "#server/groups/list-groups.ts";
import { listUsers } from "#server/users/list-users.ts";

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  const name = decodeURIComponent((await params).name);
  const { ctx } = await requireOperator(`/access/groups/${encodeURIComponent(name)}`);
  const [items, policy, members] = await Promise.all([
    readFirst(listGroups({ ctx })),
    readFirst(getAccessPolicy({ ctx })),
    readFirst(listUsers({ ctx, query: { group: name } })),
  ]);
  return (
    <Hydrate
      entries={[
        [queryKeys.groups, items && { items }],
        [queryKeys.accessPolicy, policy],
        [queryKeys.groupMembers(name, ""), members && { pages: [members], pageParams: [null] }],
      ]}
    >
      <GroupPage name={name} />
    </Hydrate>
  );
}
