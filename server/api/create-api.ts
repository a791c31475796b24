import { randomUUID } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import { routePath } from "hono/route";
import { AppError } from "#server/errors.ts";
import { currentTraceId } from "#server/tracing.ts";
import type { ApiEnv } from "./api-env.ts";
import { docsPage } from "./docs-page.ts";
import { type ApiMetrics, apiMetrics } from "./http-metrics.ts";
import { mountRoutes } from "./mount-routes.ts";
import { openApiDocument } from "./openapi.ts";
import { httpStatus, problemResponse, toAppError } from "./problem.ts";
import { createRequestLogger, type RequestLogger, type SeenRequest } from "./request-logger.ts";
import { routes } from "./routes.ts";
import { traceRequest } from "./trace-request.ts";
import type { WebRuntime } from "./web-runtime.ts";

/** The REST API: `/api/v1/*` and `/api/docs`. */
export function createApi(runtime: WebRuntime): OpenAPIHono<ApiEnv> {
  const root = new OpenAPIHono<ApiEnv>();
  const metrics = apiMetrics(runtime.registry);
  const logger = createRequestLogger(runtime.logger);
  root.use(async (c, next) => {
    const startedAt = performance.now();
    c.set("requestId", randomUUID());
    let traceId: string | null = null;
    await traceRequest(c, async () => {
      traceId = currentTraceId();
      await next();
    });
    c.header("X-Request-Id", c.get("requestId"));
    if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
    // The template, never the address itself: refs and invite tokens stay out of logs and metrics.
    observe(logger, metrics, {
      requestId: c.get("requestId"),
      traceId,
      userId: c.get("userId") ?? null,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      milliseconds: performance.now() - startedAt,
    });
  });
  root.onError((error, c) => {
    const appError = toAppError(error);
    const requestId = c.get("requestId");
    if (httpStatus(appError) >= 500) {
      runtime.logger.error({ requestId, err: appError.cause ?? appError }, "request failed");
    }
    return problemResponse(appError, requestId);
  });
  root.notFound((c) =>
    problemResponse(
      new AppError("NOT_FOUND", `There is no ${c.req.method} ${c.req.path}. See /api/docs.`),
      c.get("requestId"),
    ),
  );

  const app = new OpenAPIHono<ApiEnv>();
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "__Host-causeway",
    description: "Set by POST /session.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "API token `cwy_…` with the scope read (GET) or write (everything).",
  });
  mountRoutes(app, routes, runtime);
  let document: unknown;
  const getDocument = () => {
    document ??= openApiDocument(app, runtime.version, runtime.env.PANEL_URL);
    return document;
  };
  app.get("/openapi.json", (c) => c.json(getDocument() as object));
  root.get("/api/docs", (c) => c.html(docsPage(getDocument())));
  root.route("/api/v1", app);
  return root;
}

function observe(logger: RequestLogger, metrics: ApiMetrics, seen: SeenRequest): void {
  const { method, route, status, milliseconds } = seen;
  metrics.seconds.observe({ method, route, status: String(status) }, milliseconds / 1000);
  logger.log(seen);
}
