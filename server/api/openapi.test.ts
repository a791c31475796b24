import { expect, test } from "vitest";
import { makeApi } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { routes } from "./routes.ts";

const platform = preparePlatform();
type Operation = { operationId: string; parameters: { name: string; in: string }[]; security: unknown[] };
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
};

test("the document is OpenAPI 3.1, names every route and resolves every reference", async () => {
  const response = await makeApi(platform).request("/api/v1/openapi.json");
  const text = await response.text();
  const document = JSON.parse(text) as Document;
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.components.securitySchemes).sort()).toEqual(["session", "token"]);
  const ids = new Set<string>();
  for (const route of routes) {
    const operation = document.paths[route.path]?.[route.method];
    expect(operation, `${route.method} ${route.path}`).toBeDefined();
    if (!operation) continue;
    expect(ids.has(operation.operationId), operation.operationId).toBe(false);
    ids.add(operation.operationId);
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = operation.parameters.filter((item) => item.in === "path").map((item) => item.name);
    expect(declared).toEqual(inPath);
    expect(operation.security.length === 0).toBe(route.permission === "public");
  }
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas, name).toHaveProperty(String(name));
  }
});

test("the docs page shows every path and loads nothing from elsewhere", async () => {
  const response = await makeApi(platform).request("/api/docs");
  const html = await response.text();
  expect(response.headers.get("content-type")).toContain("text/html");
  for (const route of routes) expect(html).toContain(`>${route.path}<`);
  expect(html).not.toMatch(/<script|src="http|href="http|url\(/);
});
