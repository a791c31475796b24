import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import { z } from "zod";
import type { Context } from "#server/context.ts";
import { AppError } from "#server/errors.ts";
import { answerInTime } from "./answer-in-time.ts";
import type { ApiEnv } from "./api-env.ts";
import { type Authentication, authenticate } from "./authenticate.ts";
import { clientIp } from "./client-ip.ts";
import { refuseCrossSite } from "./csrf.ts";
import type { Route } from "./define-route.ts";
import { isPostgresUp } from "./health.ts";
import { describeRoute } from "./openapi.ts";
import { authorizeRoute, authorizeScopes, PERMISSIONS } from "./permissions.ts";
import { API_BODY_LIMIT_BYTES, parseInput, readJsonBody } from "./read-body.ts";
import type { WebRuntime } from "./web-runtime.ts";

/** Throws when a route declares no permission: the program does not start rather than serve it open. */
export function mountRoutes(app: OpenAPIHono<ApiEnv>, routes: readonly Route[], runtime: WebRuntime): void {
  for (const route of routes) {
    if (!PERMISSIONS.includes(route.permission)) {
      throw new Error(`${route.method} ${route.path} declares no permission (server/api/permissions.ts).`);
    }
    describeRoute(app.openAPIRegistry, route);
    app.on(route.method.toUpperCase(), honoPath(route.path), (c) =>
      answerInTime(serve(c, route, runtime), () => isPostgresUp(runtime)),
    );
  }
}

async function serve(c: HonoContext<ApiEnv>, route: Route, runtime: WebRuntime): Promise<Response> {
  const request = c.req.raw;
  const ip = clientIp(request.headers, runtime.env.TRUSTED_PROXIES);
  const requestId = c.get("requestId");
  const found = await authenticateFor(route, request, { requestId, ip, runtime });
  if (route.method !== "get" && found.via !== "bearer") {
    refuseCrossSite(request, new URL(runtime.env.PANEL_URL).origin, found.via === "cookie");
  }
  if ("id" in found.actor) c.set("userId", found.actor.id);
  const ctx: Context = { actor: found.actor, requestId, ip };
  authorizeScopes(ctx.actor, route.method);
  const rawParams = c.req.param();
  authorizeRoute(route.permission, ctx, rawParams.ref);
  const params = route.params && parseInput(route.params, rawParams, "path");
  const query = route.query && parseInput(route.query, c.req.query(), "query");
  const body = route.method === "get" ? undefined : await readBody(route, request);
  const result = await route.handle({ ctx, params, query, body, request, runtime });
  return respond(c, route, result);
}

/** `public` routes know nobody: their verbs act for the system, on what the caller's secret opens. */
async function authenticateFor(
  route: Route,
  request: Request,
  call: { requestId: string; ip: string | null; runtime: WebRuntime },
): Promise<Authentication> {
  if (route.permission !== "public") return authenticate(request, call);
  return { via: "none", actor: { kind: "system", name: "web", role: "owner" } };
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  const value = await readJsonBody(request, API_BODY_LIMIT_BYTES);
  if (route.body) return parseInput(route.body, value, "body");
  parseInput(z.object({}).loose(), value, "body");
  if (Object.keys(value as object).length === 0) return undefined;
  throw new AppError("INVALID_INPUT", "This call takes no body: leave it empty or send {}.");
}

function respond(c: HonoContext<ApiEnv>, route: Route, result: unknown): Response {
  if (result instanceof Response) return result;
  if (route.answer === null || route.answer === "file") return c.body(null, 204);
  // Strips what the schema does not name, so that no column of a row leaves by accident.
  const answer: z.ZodType = route.answer;
  const parsed = answer.safeParse(result);
  if (!parsed.success) {
    throw new Error(`${route.method} ${route.path} answered something else`, { cause: parsed.error });
  }
  return Response.json(parsed.data, { status: route.status });
}

const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");
