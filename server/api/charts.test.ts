import { beforeAll, expect, test } from "vitest";
import { chartSchema } from "#lib/schemas/chart.ts";
import { problemSchema } from "#lib/schemas/common.ts";
import { makeApi, makeVisitor, makeWebRuntime, type Visitor } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeNode } from "#test/made.ts";

const platform = preparePlatform();
let admin: Visitor;
let person: Visitor;
let api: ReturnType<typeof makeApi>;
const get = (path: string, visitor: Visitor) =>
  api.request(`/api/v1${path}`, { headers: { cookie: visitor.cookie } });

beforeAll(async () => {
  [admin, person] = [await makeVisitor("admin"), await makeVisitor("user")];
  const { env } = makeWebRuntime(platform);
  api = makeApi(platform, { env: { ...env, PROMETHEUS_URL: "http://127.0.0.1:1" } });
  await makeNode("n1");
});

test("while Prometheus is away, metrics are a 503 in words and everything from the database goes on", async () => {
  const response = await get("/metrics/throughput?range=1h", admin);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(problemSchema.parse(await response.json())).toMatchObject({
    code: "UNAVAILABLE",
    detail: expect.stringContaining("Prometheus does not answer"),
  });
  for (const path of ["/status", "/usage/series?range=1h", "/usage/series?by=node", "/usage/series?node=n1"])
    expect((await get(path, admin)).status, path).toBe(200);
});

test("a series that is not in the catalogue, and anything that is no plain name, is refused", async () => {
  for (const path of [
    "/metrics/up",
    "/metrics/sum(up)",
    "/metrics/cpu?node=a%22%7D",
    "/metrics/cpu?door=ftp",
    "/metrics/cpu?range=2h",
    "/metrics/cpu?from=yesterday&to=now",
    "/usage/series?by=user",
  ])
    expect((await get(path, admin)).status, path).toBe(400);
});

test("people read their own usage over time and nobody else's, and no metrics", async () => {
  const own = await get("/users/me/usage/series?range=7d&compare=true", person);
  expect(chartSchema.parse(await own.json())).toMatchObject({ unit: "bytes", points: 56 });
  for (const path of ["/usage/series", "/metrics/cpu", `/users/${admin.user.name}/usage/series`])
    expect((await get(path, person)).status, path).toBe(403);
});
