import type { MetricSeries } from "#lib/metric-series.ts";
import type { ChartQuery } from "#lib/schemas/chart.ts";
import type { TraceQuery } from "#lib/schemas/trace.ts";
import type { ListUsersQuery } from "#lib/schemas/user.ts";

export type UserFilters = Pick<ListUsersQuery, "sort" | "order"> &
  Partial<Pick<ListUsersQuery, "query" | "status" | "role" | "online">>;

/** Keys shared by the pages that fill the query cache on the server and the hooks that read it. */
export const queryKeys = {
  status: ["status"] as const,
  nodes: ["nodes"] as const,
  grafana: ["grafana"] as const,
  users: ["users"] as const,
  topUsers: ["users", "top"] as const,
  userList: (filters: UserFilters) => ["users", "list", filters] as const,
  user: (ref: string) => ["users", "one", ref] as const,
  userLinks: (ref: string) => ["users", "links", ref] as const,
  usage: (ref: string) => ["users", "usage", ref] as const,
  usageSeries: (ref: string, query: ChartQuery) => ["users", "usage", ref, "series", query] as const,
  totalUsage: (query: ChartQuery & { node?: string; by?: string }) => ["totalUsage", query] as const,
  userTrend: (id: string) => ["users", "trend", id] as const,
  metric: (series: MetricSeries, query: ChartQuery) => ["metric", series, query] as const,
  traces: (query: TraceQuery) => ["traces", "list", query] as const,
  trace: (id: string) => ["traces", "one", id] as const,
  audit: (user: string | null) => ["audit", user] as const,
  accessPolicy: ["access", "rules"] as const,
  accessVersions: ["access", "versions"] as const,
  accessVersion: (version: number) => ["access", "versions", version] as const,
  groups: ["groups"] as const,
  groupMembers: (name: string, query: string) => ["users", "ofGroup", name, query] as const,
  connections: (user: string | null) => ["connections", user] as const,
  jobs: ["jobs"] as const,
  tokens: ["tokens"] as const,
  sessions: ["sessions"] as const,
};
