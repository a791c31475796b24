/** Dashboards that Grafana is provisioned with, as their uid after `causeway-` (docker/grafana/dashboards). */
export const GRAFANA_DASHBOARDS = [
  "overview",
  "doors",
  "identity-api",
  "nodes",
  "traefik",
  "postgres-redis",
] as const;
export type GrafanaDashboard = (typeof GRAFANA_DASHBOARDS)[number];
