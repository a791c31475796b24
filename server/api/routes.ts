import type { Route } from "./define-route.ts";
import { accessRoutes } from "./routes/access-routes.ts";
import { chartRoutes } from "./routes/chart-routes.ts";
import { connectionRoutes } from "./routes/connection-routes.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import { grafanaRoutes } from "./routes/grafana-routes.ts";
import { groupRoutes } from "./routes/group-routes.ts";
import { inviteRoutes } from "./routes/invite-routes.ts";
import { jobRoutes } from "./routes/job-routes.ts";
import { jwksRoutes } from "./routes/jwks-routes.ts";
import { logRoutes } from "./routes/log-routes.ts";
import { nodeRoutes } from "./routes/node-routes.ts";
import { operationRoutes } from "./routes/operation-routes.ts";
import { ownAccountRoutes } from "./routes/own-account-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { tokenRoutes } from "./routes/token-routes.ts";
import { traceRoutes } from "./routes/trace-routes.ts";
import { usageRoutes } from "./routes/usage-routes.ts";
import { userRoutes } from "./routes/user-routes.ts";

/** All of /api/v1; fixed paths (`/users/me/…`) stand before those with `{ref}`. */
export const routes: readonly Route[] = [
  ...ownAccountRoutes,
  ...userRoutes,
  ...usageRoutes,
  ...connectionRoutes,
  ...chartRoutes,
  ...eventRoutes,
  ...sessionRoutes,
  ...tokenRoutes,
  ...operationRoutes,
  ...logRoutes,
  ...traceRoutes,
  ...jobRoutes,
  ...nodeRoutes,
  ...jwksRoutes,
  ...grafanaRoutes,
  ...inviteRoutes,
  ...groupRoutes,
  ...accessRoutes,
];
