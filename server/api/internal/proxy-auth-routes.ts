import { Hono } from "hono";
import { z } from "zod";
import { uuidSchema } from "#lib/schemas/common.ts";
import { redeemHandoffInputSchema } from "#lib/schemas/handoff.ts";
import {
  type SessionRecord,
  type TokenRecord,
  usageBatchSchema,
  verifyTokenInputSchema,
} from "#lib/schemas/internal.ts";
import { registerJwtKeyInputSchema } from "#lib/schemas/jwks.ts";
import { findReplicaUser } from "#server/changes/find-replica-user.ts";
import { readChanges } from "#server/changes/read-changes.ts";
import { readReplica } from "#server/changes/read-replica.ts";
import { listClientAddresses } from "#server/connections/list-client-addresses.ts";
import { notFound } from "#server/errors.ts";
import { registerJwtKey } from "#server/jwt-keys/register-jwt-key.ts";
import { findSession } from "#server/session-rows/find-session.ts";
import { listJustEnded } from "#server/session-rows/list-just-ended.ts";
import { cacheSession, dropCachedSession, SESSION_CACHE_SECONDS } from "#server/session-store.ts";
import { redeemHandoff } from "#server/sessions/handoff.ts";
import { verifyToken } from "#server/tokens/verify-token.ts";
import { applyUsage } from "#server/usage/apply-usage.ts";
import type { ApiEnv } from "../api-env.ts";
import { parseInput, readJsonBody } from "../read-body.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { replicaStream } from "./replica-stream.ts";

const SMALL_BODY_BYTES = 16 * 1024;
const USAGE_BODY_BYTES = 32 * 1024 * 1024;

const changesQuery = z.object({ after: z.coerce.number().int().nonnegative() });
const idHashParam = z.object({ idHash: z.string().regex(/^[0-9a-f]{64}$/, "Hex SHA-256.") });

/** What proxy-auth may ask; shapes as lib/schemas/internal.ts. */
export function proxyAuthRoutes(runtime: WebRuntime): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  // Whoever ended a session: before proxy-auth hears of it, the cache no longer answers it.
  const dropCached = (idHashes: string[]) =>
    Promise.all(idHashes.map((idHash) => dropCachedSession(runtime.redis, idHash))).catch(() => undefined);
  app.get("/replica", async () => {
    const after = new Date(runtime.clock.now() - SESSION_CACHE_SECONDS * 1_000);
    await dropCached(await listJustEnded({ after }));
    const replica = await readReplica();
    return new Response(replicaStream(replica), { headers: { "content-type": "application/x-ndjson" } });
  });
  app.get("/changes", async (c) => {
    const { after } = parseInput(changesQuery, c.req.query(), "query");
    const changes = await readChanges({ after });
    await dropCached(changes.endedSessions);
    return c.json(changes);
  });
  app.get("/users/by-name/:name", async (c) => c.json(await findReplicaUser({ name: c.req.param("name") })));
  app.get("/users/:id/addresses", async (c) => {
    const { id } = parseInput(z.object({ id: uuidSchema }), c.req.param(), "path");
    return c.json({ addresses: await listClientAddresses({ userId: id }) });
  });
  app.get("/sessions/:idHash", async (c) => {
    const { idHash } = parseInput(idHashParam, c.req.param(), "path");
    const session = await findSession({ idHash, now: runtime.clock.now() });
    if (!session) throw notFound("session", `${idHash.slice(0, 8)}…`);
    const record: SessionRecord = {
      userId: session.userId,
      host: session.host,
      expiresAt: session.expiresAt.getTime(),
    };
    // Redis away: proxy-auth asks again next time.
    await cacheSession(runtime.redis, idHash, record).catch(() => undefined);
    return c.json(record);
  });
  app.post("/handoffs/redeem", async (c) => {
    const body = await readJsonBody(c.req.raw, SMALL_BODY_BYTES);
    const input = parseInput(redeemHandoffInputSchema, body, "body");
    const { redis, clock } = runtime;
    const redeemed = await redeemHandoff({ input, redis, requestId: c.get("requestId"), now: clock.now() });
    if (!redeemed) throw notFound("code", `${input.code.slice(0, 4)}…`);
    return c.json(redeemed);
  });
  app.post("/tokens/verify", async (c) => {
    const body = await readJsonBody(c.req.raw, SMALL_BODY_BYTES);
    const { tokenHash } = parseInput(verifyTokenInputSchema, body, "body");
    const found = await verifyToken({ tokenHash: Uint8Array.from(Buffer.from(tokenHash, "hex")) });
    if (!found || found.user?.isDisabled) throw notFound("API token", `${tokenHash.slice(0, 8)}…`);
    return c.json({
      tokenId: found.tokenId,
      userId: found.user?.id ?? null,
      scopes: found.scopes,
      expiresAt: found.expiresAt?.getTime() ?? null,
    } satisfies TokenRecord);
  });
  app.post("/jwks", async (c) => {
    const input = parseInput(
      registerJwtKeyInputSchema,
      await readJsonBody(c.req.raw, SMALL_BODY_BYTES),
      "body",
    );
    return c.json(await registerJwtKey({ input, now: runtime.clock.now() }));
  });
  app.post("/usage", async (c) => {
    const body = await readJsonBody(c.req.raw, USAGE_BODY_BYTES);
    return c.json(await applyUsage({ batch: parseInput(usageBatchSchema, body, "body") }));
  });
  return app;
}
