import type { z } from "zod";
import type { Context } from "#server/context.ts";
import type { Permission } from "./permissions.ts";
import type { WebRuntime } from "./web-runtime.ts";

export type Tag =
  | "Users"
  | "Own account"
  | "Sign-in"
  | "Tokens"
  | "Nodes"
  | "Operation"
  | "Invites"
  | "Access";

type Infer<S> = S extends z.ZodType ? z.output<S> : undefined;

export type RouteRequest<P = unknown, Q = unknown, B = unknown> = {
  /** For `public` routes the actor is the system with the caller's address. */
  ctx: Context;
  params: P;
  query: Q;
  body: B;
  request: Request;
  runtime: WebRuntime;
};

export type Route = {
  method: "get" | "post" | "patch" | "delete";
  /** As OpenAPI writes it: `/users/{ref}`. */
  path: string;
  permission: Permission;
  tag: Tag;
  summary: string;
  description?: string;
  params?: z.ZodType | undefined;
  query?: z.ZodType | undefined;
  body?: z.ZodType | undefined;
  /** An example of the body, for the docs. */
  example?: unknown;
  /** null: 204 without a body. "file": the handler makes the response. */
  answer: z.ZodType | null | "file";
  status: 200 | 201 | 204;
  handle(request: RouteRequest): Promise<unknown>;
};

/** One route: what it takes and answers, who may call it, and the verb behind it. */
export function defineRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  definition: Omit<Route, "params" | "query" | "body" | "handle" | "status"> & {
    params?: P;
    query?: Q;
    body?: B;
    status?: 200 | 201;
    handle(request: RouteRequest<Infer<P>, Infer<Q>, Infer<B>>): Promise<unknown>;
  },
): Route {
  const status = definition.answer === null ? 204 : (definition.status ?? 200);
  // Safe: mount-routes.ts gives the handler exactly what these schemas answered.
  return { ...definition, status } as Route;
}
