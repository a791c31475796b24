import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { statusSchema } from "#lib/schemas/status.ts";
import { makeApi, makeVisitor, makeWebRuntime } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { makeNode } from "#test/made.ts";

const platform = preparePlatform();
const answering = createServer((request, response) => {
  response.writeHead(request.url === "/sick" ? 503 : 200).end();
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

test("status says which programs answer, in under a second, and what an operator should know", async () => {
  await makeNode("n1");
  const admin = await makeVisitor("admin");
  const { env } = makeWebRuntime(platform);
  const PROGRAM_HEALTH = [
    `traefik=${urlOf(answering)}/ping`,
    `controller=${urlOf(answering)}/sick`,
    `proxy-auth=${urlOf(silent)}`,
    "node-agent=http://127.0.0.1:1/healthz",
  ];
  const api = makeApi(platform, { env: { ...env, PROGRAM_HEALTH } });
  const startedAt = Date.now();
  const response = await api.request("/api/v1/status", { headers: { cookie: admin.cookie } });
  expect(Date.now() - startedAt).toBeLessThan(1_500);
  const status = statusSchema.parse(await response.json());
  const up = Object.fromEntries(status.programs.map(({ name, isUp }) => [name, isUp]));
  expect(up).toEqual({
    traefik: true,
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
