import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { statusSchema } from "#lib/schemas/status.ts";
import { makeApi, makeVisitor, makeWebRuntime } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeNode } from "#test/made.ts";

const platform = preparePlatform();
const ALERTS = ["pending", "firing"].map((state) => ({
  state,
  activeAt: "2026-11-23T14:00:00.123456789Z",
  labels: { alertname: `Redis${state}`, severity: "critical" },
  annotations: { summary: "Redis does not answer", description: "Read its log.", runbook: "docs" },
}));
const answering = createServer((request, response) => {
  if (request.url === "/api/v1/alerts") response.end(JSON.stringify({ data: { alerts: ALERTS } }));
  else if (request.url === "/lacking")
    response.writeHead(503).end(JSON.stringify({ isReady: false, missing: ["panel", "journal"] }));
  else response.writeHead(request.url === "/sick" ? 503 : 200).end();
});
const silent = createServer(() => {});
const urlOf = (server: typeof silent) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
beforeAll(async () => {
  for (const server of [answering, silent]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
});
afterAll(() => {
  for (const server of [answering, silent]) {
    server.closeAllConnections();
    server.close();
  }
});

test("status says which programs answer, within bounded time, and what an operator should know", async () => {
  await makeNode("n1");
  const admin = await makeVisitor("admin");
  const { env } = makeWebRuntime(platform);
  const PROGRAM_HEALTH = [
    `traefik=${urlOf(answering)}/ping`,
    `prometheus=${urlOf(answering)}/lacking`,
    `controller=${urlOf(answering)}/sick`,
    `proxy-auth=${urlOf(silent)}`,
    "node-agent=http://127.0.0.1:1/healthz",
  ];
  const api = makeApi(platform, { env: { ...env, PROGRAM_HEALTH, PROMETHEUS_URL: urlOf(answering) } });
  const startedAt = Date.now();
  const response = await api.request("/api/v1/status", { headers: { cookie: admin.cookie } });
  expect(Date.now() - startedAt).toBeLessThan(2_500);
  const status = statusSchema.parse(await response.json());
  const up = Object.fromEntries(status.programs.map(({ name, isUp }) => [name, isUp]));
  expect(up).toEqual({
    traefik: true,
    prometheus: true,
    web: true,
    controller: false,
    "proxy-auth": false,
    "node-agent": false,
    xray: false,
    postgres: true,
    redis: true,
  });
  expect(status.users).toMatchObject({ total: 1, active: 1, online: 0 });
  expect(status.notices.join(" ")).toContain("n1");
});

test("status says what a running program lacks, and what fires in Prometheus, in words", async () => {
  const admin = await makeVisitor("admin");
  const { env } = makeWebRuntime(platform);
  const PROGRAM_HEALTH = [`proxy-auth=${urlOf(answering)}/lacking`];
  const read = async (prometheusUrl: string, now: number) => {
    const clock = { now: () => now };
    const over = { clock, env: { ...env, PROGRAM_HEALTH, PROMETHEUS_URL: prometheusUrl } };
    const response = await makeApi(platform, over).request("/api/v1/status", {
      headers: { cookie: admin.cookie },
    });
    return statusSchema.parse(await response.json());
  };
  const status = await read(urlOf(answering), Date.now() + 5_000);
  const doors = status.programs.find(({ name }) => name === "proxy-auth");
  expect(doors?.isUp).toBe(true);
  expect(doors?.detail).toMatch(/hears nothing from the panel.*journal cannot be written/);
  expect(status.alerts).toEqual([
    {
      name: "Redisfiring",
      severity: "critical",
      summary: "Redis does not answer",
      description: "Read its log.",
      since: "2026-11-23T14:00:00.123Z",
    },
  ]);
  const blind = await read("http://127.0.0.1:1", Date.now() + 10_000);
  expect(blind.alerts).toEqual([]);
  expect(blind.notices.join(" ")).toContain("Prometheus does not answer");
});
