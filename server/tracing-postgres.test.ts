import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDb, getDb, initDb } from "#server/db.ts";
import { preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { createRedis } from "./redis.ts";
import { continueTrace, initTracing, stopTracing, withSpan } from "./tracing.ts";

const platform = preparePlatform();
const KEPT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
let collector: Server;
const bodies: string[] = [];

type Attribute = { key: string; value: { stringValue?: string } };
type Sent = { name: string; traceId: string; spanId: string; parentSpanId?: string; attributes: Attribute[] };
const spans = (): Sent[] =>
  bodies.flatMap((body) =>
    (JSON.parse(body).resourceSpans as { scopeSpans: { spans: Sent[] }[] }[]).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    ),
  );

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  await initTracing({ program: "test", version: "1", endpoint: `http://127.0.0.1:${port}`, sampleRatio: 1 });
  // As programs do: tracing first, then the database.
  await closeDb();
  initDb(platform.databaseUrl);
});
afterAll(async () => {
  await stopTracing();
  collector.closeAllConnections();
  collector.close();
});

describe("a write in a trace", () => {
  it("has its statements and Redis's commands below it, without a value, and its row carries the trace", async () => {
    const redis = createRedis(platform.redisUrl);
    await new Promise((resolve) => redis.once("ready", resolve));
    await getDb().$queryRaw`SELECT 'on a timer'`;
    await redis.get("session:on-a-timer");
    const user = await continueTrace(KEPT, "POST /api/v1/users", {}, async () =>
      withSpan("create", {}, async () => {
        await redis.set("session:hunter2", "hunter2");
        await getDb().$queryRaw`SELECT 'hunter2' AS word`;
        return makeUser({ email: "hunter2@example.org" });
      }),
    );
    await stopTracing();
    redis.disconnect();

    const all = spans();
    const create = all.find(({ name }) => name === "create");
    expect(all.every(({ traceId }) => traceId === create?.traceId)).toBe(true);
    const below = all.filter(({ parentSpanId }) => parentSpanId === create?.spanId).map(({ name }) => name);
    expect(below).toContain("redis SET");
    expect(below).toContain("postgres BEGIN");
    expect(below).toContain("postgres INSERT user");
    expect(below).toContain("postgres INSERT change");
    expect(below).toContain("postgres COMMIT");
    const text = bodies.join();
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain("on a timer");
    expect(text).not.toContain(user.proxy.password);
    for (const link of user.vlessLinks) expect(text).not.toContain(new URL(link).username);
    const row = await getDb().change.findFirst({ orderBy: { id: "desc" } });
    expect(row?.traceContext).toBe(`00-0af7651916cd43dd8448eb211c80319c-${create?.spanId}-01`);
  });
});
