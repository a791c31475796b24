import type { Metadata } from "next";
import { Hydrate } from "#app/hydrate.tsx";
import { readFirst } from "#app/read-first.ts";
import { requireOperator } from "#app/require-operator.ts";
import { queryKeys, type UserFilters } from "#components/query-keys.ts";
import { UrlState } from "#components/url-state.tsx";
import { USER_PAGE_SIZE } from "#components/users/page-size.ts";
import { UsersPage } from "#components/users/users-page.tsx";
import { listUsersQuerySchema } from "#lib/schemas/user.ts";
import { listUsers } from "#server/users/list-users.ts";

export const metadata: Metadata = { title: "Users" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const { ctx } = await requireOperator(`/users${toQuery(params)}`);
  const filters = readFilters(params);
  const page = await readFirst(listUsers({ ctx, query: { ...filters, limit: USER_PAGE_SIZE } }));
  const first = page && { pages: [page], pageParams: [null] };
  return (
    <Hydrate entries={[[queryKeys.userList(filters), first]]}>
      <UrlState>
        <UsersPage />
      </UrlState>
    </Hydrate>
  );
}

/** The same filters as the browser reads from the URL; wrong ones are left out there as here. */
function readFilters(params: Record<string, string | string[] | undefined>): UserFilters {
  const { sort, order, query, status, role, online } = listUsersQuerySchema.shape;
  const filters: UserFilters = {
    sort: sort.catch("name").parse(params.sort),
    order: order.catch("asc").parse(params.order),
  };
  const text = query.catch(undefined).parse(params.query)?.trim();
  const oneStatus = status.catch(undefined).parse(params.status);
  const oneRole = role.catch(undefined).parse(params.role);
  const isOnline = online.catch(undefined).parse(params.online);
  return {
    ...filters,
    ...(text ? { query: text } : {}),
    ...(oneStatus ? { status: oneStatus } : {}),
    ...(oneRole ? { role: oneRole } : {}),
    ...(isOnline ? { online: isOnline } : {}),
  };
}

function toQuery(params: Record<string, string | string[] | undefined>): string {
  const pairs = Object.entries(params).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string",
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
