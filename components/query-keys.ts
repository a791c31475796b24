import type { UsageRange } from "#lib/schemas/usage.ts";
import type { ListUsersQuery } from "#lib/schemas/user.ts";

export type UserFilters = Pick<ListUsersQuery, "sort" | "order"> &
  Partial<Pick<ListUsersQuery, "query" | "status" | "role" | "online">>;

/** Keys shared by the pages that fill the query cache on the server and the hooks that read it. */
export const queryKeys = {
  status: ["status"] as const,
  nodes: ["nodes"] as const,
  users: ["users"] as const,
  topUsers: ["users", "top"] as const,
  userList: (filters: UserFilters) => ["users", "list", filters] as const,
  user: (ref: string) => ["users", "one", ref] as const,
  userLinks: (ref: string) => ["users", "links", ref] as const,
  usage: (ref: string) => ["users", "usage", ref] as const,
  usageSeries: (ref: string, range: UsageRange) => ["users", "usage", ref, "series", range] as const,
  audit: (user: string | null) => ["audit", user] as const,
  tokens: ["tokens"] as const,
  sessions: ["sessions"] as const,
};
