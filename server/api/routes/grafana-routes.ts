import { grafanaSchema } from "#lib/schemas/grafana.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { readGrafana } from "../read-grafana.ts";

export const grafanaRoutes: Route[] = [
  defineRoute({
    method: "get",
    path: "/grafana",
    permission: "status:read",
    tag: "Operation",
    summary: "Whether this installation has a Grafana, and whether it answers",
    answer: grafanaSchema,
    handle: ({ runtime }) => readGrafana(runtime.env.GRAFANA_URL),
  }),
];
