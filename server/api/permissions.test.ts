import { beforeAll, describe, expect, test } from "vitest";
import { problemSchema } from "#lib/schemas/common.ts";
import { makeApi, makeVisitor, type Visitor, write } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { mountRoutes } from "./mount-routes.ts";
import { routes } from "./routes.ts";

const platform = preparePlatform();
let api: ReturnType<typeof makeApi>;
let admin: Visitor;
let person: Visitor;
let other: string;

beforeAll(async () => {
  api = makeApi(platform);
  [admin, person] = [await makeVisitor("admin"), await makeVisitor("user")];
  other = (await makeUser()).name;
});

const address = (path: string, ref: string) =>
  `/api/v1${path.replace("{ref}", ref).replace(/\{\w+\}/, "0199aaaa-0000-7000-8000-000000000000")}`;
const call = (route: (typeof routes)[number], ref: string, cookie: string | null) => {
  const init =
    route.method === "get"
      ? { headers: cookie ? { cookie } : {} }
      : write(route.method.toUpperCase(), cookie);
  return api.request(address(route.path, ref), init);
};

describe("permissions", () => {
  test("every route declares one", () => {
    expect(routes.length).toBeGreaterThan(25);
    for (const route of routes) expect(route.permission, `${route.method} ${route.path}`).toBeTruthy();
  });

  test("a route without one stops the start", () => {
    const [first] = routes;
    if (!first) throw new Error("no routes");
    const open = { ...first, permission: undefined as unknown as (typeof first)["permission"] };
    const fake = { openAPIRegistry: {}, on: () => {} } as never;
    expect(() => mountRoutes(fake, [open], {} as never)).toThrow(/declares no permission/);
  });

  test("nobody: 401 as problem+json on every route that is not public", async () => {
    for (const route of routes.filter((candidate) => candidate.permission !== "public")) {
      const response = await call(route, other, null);
      expect(response.status, `${route.method} ${route.path}`).toBe(401);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      const problem = problemSchema.parse(await response.json());
      expect(problem.requestId).toBe(response.headers.get("x-request-id"));
    }
  });

  test("a user: 403 on operators' routes and on everybody else's pages", async () => {
    for (const route of routes.filter(({ permission }) => !["public", "self"].includes(permission))) {
      const response = await call(route, other, person.cookie);
      expect(response.status, `${route.method} ${route.path}`).toBe(403);
    }
  });

  test.each(["me", "name", "id"] as const)(
    "a user: own pages by %s, but none that changes limits",
    async (by) => {
      const ref = by === "me" ? "me" : person.user[by];
      for (const route of routes.filter(({ path }) => path.startsWith("/users/{ref}"))) {
        if (route.path.endsWith("/rotate")) continue;
        const response = await call(route, ref, person.cookie);
        const isOwn = route.permission.endsWith("+self");
        expect(response.status, `${route.method} ${route.path}`).toBe(isOwn ? 200 : 403);
      }
    },
  );

  test("an admin reads everything", async () => {
    for (const route of routes.filter(
      ({ method, path }) =>
        method === "get" && !/\{(node|series|traceId|version)\}|stream|events|groups\/\{/.test(path),
    )) {
      if (route.permission === "public") continue;
      const response = await call(route, other, admin.cookie);
      expect(response.status, `${route.path}: ${await response.clone().text()}`).toBe(200);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  test("an admin cannot touch an owner, and an unknown user is 404", async () => {
    const owner = await makeVisitor("owner");
    const refused = await api.request(
      `/api/v1/users/${owner.user.name}/disable`,
      write("POST", admin.cookie),
    );
    expect(refused.status).toBe(403);
    const missing = await api.request("/api/v1/users/nobody-here", { headers: { cookie: admin.cookie } });
    expect(missing.status).toBe(404);
  });
});
