import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { chartSchema } from "#lib/schemas/chart.ts";
import { problemSchema } from "#lib/schemas/common.ts";
import * as log from "#lib/schemas/log.ts";
import * as session from "#lib/schemas/session.ts";
import * as status from "#lib/schemas/status.ts";
import * as usage from "#lib/schemas/usage.ts";
import * as user from "#lib/schemas/user.ts";
import type { ApiEnv } from "./api-env.ts";
import type { Route } from "./define-route.ts";

type Registry = OpenAPIHono<ApiEnv>["openAPIRegistry"];
type SchemaObject = Record<string, unknown>;

const NAMED = new Map<z.ZodType, string>([
  [problemSchema, "Problem"],
  [user.userSchema, "User"],
  [user.userPageSchema, "UserPage"],
  [user.userSecretsSchema, "UserSecrets"],
  [user.createUserInputSchema, "CreateUserInput"],
  [user.updateUserInputSchema, "UpdateUserInput"],
  [user.rotateInputSchema, "RotateInput"],
  [user.inviteSchema, "Invite"],
  [session.meSchema, "Me"],
  [session.loginInputSchema, "LoginInput"],
  [session.acceptInviteInputSchema, "AcceptInviteInput"],
  [session.inviteInfoSchema, "InviteInfo"],
  [session.changePasswordInputSchema, "ChangePasswordInput"],
  [session.sessionListSchema, "SessionList"],
  [session.createTokenInputSchema, "CreateTokenInput"],
  [session.apiTokenListSchema, "ApiTokenList"],
  [session.createdTokenSchema, "CreatedToken"],
  [status.statusSchema, "Status"],
  [status.nodeSchema, "Node"],
  [status.nodeListSchema, "NodeList"],
  [status.auditPageSchema, "AuditPage"],
  [log.logPageSchema, "LogPage"],
  [log.logProgramsSchema, "LogPrograms"],
  [usage.usageSchema, "Usage"],
  [chartSchema, "Chart"],
]);

/** JSON Schema 2020-12, which is what OpenAPI 3.1 speaks: taken from zod itself. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): SchemaObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

function refTo(registry: Registry, schema: z.ZodType, io: "input" | "output"): SchemaObject {
  const name = NAMED.get(schema);
  if (!name) return jsonSchema(schema, io);
  const isKnown = registry.definitions.some((item) => item.type === "component" && item.name === name);
  if (!isKnown) registry.registerComponent("schemas", name, jsonSchema(schema, io));
  return { $ref: `#/components/schemas/${name}` };
}

function parameters(where: "path" | "query", schema: z.ZodType | undefined): SchemaObject[] {
  if (!schema) return [];
  const object = jsonSchema(schema, "input");
  const required = new Set((object.required as string[] | undefined) ?? []);
  return Object.entries((object.properties as Record<string, SchemaObject> | undefined) ?? {}).map(
    ([name, property]) => ({
      name,
      in: where,
      required: where === "path" || required.has(name),
      ...(name === "ref" ? { description: "Id, name, or `me` for users." } : {}),
      schema: property,
    }),
  );
}

function answers(registry: Registry, route: Route): SchemaObject {
  const problem = {
    description: "Problem details (RFC 9457): `detail` says what to do.",
    content: { "application/problem+json": { schema: refTo(registry, problemSchema, "output") } },
  };
  if (route.answer === null) return { 204: { description: "Done." }, default: problem };
  if (route.answer === "file") {
    return {
      200: { description: "The file.", content: { "text/plain": { schema: { type: "string" } } } },
      default: problem,
    };
  }
  const schema = refTo(registry, route.answer, "output");
  return {
    [route.status]: { description: "The answer.", content: { "application/json": { schema } } },
    default: problem,
  };
}

export function describeRoute(registry: Registry, route: Route): void {
  const body = route.body && {
    required: true,
    content: {
      "application/json": {
        schema: refTo(registry, route.body, "input"),
        ...(route.example === undefined ? {} : { example: route.example }),
      },
    },
  };
  const description = [route.description, `Permission: \`${route.permission}\`.`]
    .filter(Boolean)
    .join("\n\n");
  // The library's own types know zod schemas only where it converts them; these are ready objects.
  registry.registerPath({
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    description,
    operationId: operationId(route),
    security: route.permission === "public" ? [] : [{ session: [] }, { token: [] }],
    parameters: [...parameters("path", route.params), ...parameters("query", route.query)],
    ...(body ? { requestBody: body } : {}),
    responses: answers(registry, route),
  } as unknown as RouteConfig);
}

function operationId(route: Route): string {
  const words = route.path.split("/").filter((part) => part !== "");
  const name = words.map((part) => {
    const word = part.replaceAll(/[{}]/g, "");
    return (part.startsWith("{") ? "By" : "") + word.charAt(0).toUpperCase() + word.slice(1);
  });
  return route.method + name.join("");
}

export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string, panelUrl: string): unknown {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Causeway",
      version,
      description:
        "Identity API of one installation: users, their credentials, usage, nodes. Bytes are plain JSON numbers, times RFC 3339, unlimited is null. Writes by a session need `Origin` of the panel and `Content-Type: application/json`.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: `${new URL(panelUrl).origin}/api/v1` }],
  });
}
