import { doors } from "./dashboards/doors.ts";
import { identityApi } from "./dashboards/identity-api.ts";
import { nodes } from "./dashboards/nodes.ts";
import { overview } from "./dashboards/overview.ts";
import { postgresRedis } from "./dashboards/postgres-redis.ts";
import { traefik } from "./dashboards/traefik.ts";
import type { DashboardFile } from "./schema.ts";

/** Every dashboard, in the order of the picker. */
export const dashboards: readonly DashboardFile[] = [
  overview,
  doors,
  identityApi,
  nodes,
  traefik,
  postgresRedis,
];

/** Its file's name in docker/grafana/dashboards. */
export const fileNameOf = ({ uid }: DashboardFile): string => `${uid.replace(/^causeway-/, "")}.json`;

/** A dashboard as its file holds it. */
export const renderDashboard = (dashboard: DashboardFile): string =>
  `${JSON.stringify(dashboard, null, 2)}\n`;
