import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { routePath } from "hono/route";
import { AppError } from "#server/errors.ts";
import type { ApiEnv } from "../api-env.ts";
import { readReadiness } from "../health.ts";
import { apiMetrics } from "../http-metrics.ts";
import { jwksResponse } from "../jwks-response.ts";
import { httpStatus, problemResponse, toAppError } from "../problem.ts";
import { traceRequest } from "../trace-request.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { requireProgram } from "./program-token.ts";
import { proxyAuthRoutes } from "./proxy-auth-routes.ts";

/** The listener that Traefik never routes to: `/internal/*` for our programs, metrics, health. */
export function createInternalApi(runtime: WebRuntime): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(async (c, next) => {
    c.set("requestId", randomUUID());
    // Without a trace that came in: a program that pulls on a timer.
    if (c.req.header("traceparent") === undefined) await next();
    else await traceRequest(c, next);
    c.header("X-Request-Id", c.get("requestId"));
    if (!c.res.headers.has("cache-control")) c.header("Cache-Control", "no-store");
  });
  app.onError((error, c) => {
    const appError = toAppError(error);
    const requestId = c.get("requestId");
    const log = { requestId, route: routePath(c, -1), code: appError.code, err: appError.cause ?? appError };
    if (httpStatus(appError) >= 500) runtime.logger.error(log, "internal request failed");
    else runtime.logger.debug(log, "internal request refused");
    return problemResponse(appError, requestId);
  });
  app.notFound((c) =>
    problemResponse(
      new AppError("NOT_FOUND", `There is no ${c.req.method} ${c.req.path}.`),
      c.get("requestId"),
    ),
  );
  app.get("/healthz", (c) => c.json({ isAlive: true }));
  app.get("/readyz", async (c) => {
    const missing = await readReadiness(runtime);
    return missing.length === 0 ? c.json({ isReady: true }) : c.json({ isReady: false, missing }, 503);
  });
  app.get("/metrics", async (c) =>
    c.text(await runtime.registry.metrics(), 200, { "Content-Type": runtime.registry.contentType }),
  );
  app.get("/jwks.json", () => jwksResponse(runtime));
  const { seconds } = apiMetrics(runtime.registry);
  app.use("/internal/*", async (c, next) => {
    const stop = seconds.startTimer({ method: c.req.method });
    await next();
    stop({ route: routePath(c, -1), status: String(c.res.status) });
  });
  app.use("/internal/*", requireProgram({ "proxy-auth": runtime.env.PROXY_AUTH_TOKEN_FILE }));
  app.route("/internal", proxyAuthRoutes(runtime));
  return app;
}
