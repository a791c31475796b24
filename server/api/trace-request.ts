import type { Context, Next } from "hono";
import { routePath } from "hono/route";
import { continueTrace, currentTraceparent, failSpan, type TraceSpan, withSpan } from "#server/tracing.ts";
import type { ApiEnv } from "./api-env.ts";

/**
 * One span a request, named by the route's template: never by the address, which may hold a secret. Inside Next a
 * trace is under way already; on the inner listener the header has it.
 */
export function traceRequest(c: Context<ApiEnv>, next: Next): Promise<void> {
  const { method } = c.req;
  const attributes = { "http.request.method": method, "causeway.request_id": c.get("requestId") };
  const serve = async (span: TraceSpan) => {
    await next();
    const route = routePath(c, -1);
    span.updateName(`${method} ${route}`);
    span.setAttributes({ "http.route": route, "http.response.status_code": c.res.status });
    if (c.res.status >= 500) failSpan(span, String(c.res.status));
  };
  if (currentTraceparent() !== null) return withSpan(method, attributes, serve, "server");
  return continueTrace(c.req.header("traceparent"), method, attributes, serve);
}
