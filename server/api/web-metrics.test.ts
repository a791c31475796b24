import { expect, it } from "vitest";
import { createRegistry } from "#server/metrics.ts";
import { preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { addWebMetrics } from "./web-metrics.ts";

preparePlatform();

it("tells people by status, the newest revision and what is missing", async () => {
  await makeUser();
  const registry = createRegistry();
  addWebMetrics(registry, async () => ["redis"]);
  const text = await registry.metrics();
  expect(text).toContain('causeway_users{status="active"} 1\n');
  expect(text).toContain('causeway_users{status="on_hold"} 0\n');
  expect(text).toMatch(/causeway_revision\{consumer="web"\} [1-9]/);
  expect(text).toContain("causeway_ready 0\n");
  expect(text).toContain('causeway_missing{what="redis"} 1\n');
  expect(text).toContain('causeway_missing{what="postgres"} 0\n');
});
