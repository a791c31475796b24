import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role, UserSecrets } from "#lib/schemas/user.ts";
import { createApi } from "#server/api/create-api.ts";
import { createInternalApi } from "#server/api/internal/create-internal-api.ts";
import type { WebRuntime } from "#server/api/web-runtime.ts";
import { sha256Hex } from "#server/crypto.ts";
import { createLogger } from "#server/logger.ts";
import { createRegistry } from "#server/metrics.ts";
import { createSession } from "#server/session-rows/create-session.ts";
import { upsertCliToken } from "#server/tokens/upsert-cli-token.ts";
import { acceptInvite } from "#server/users/accept-invite.ts";
import { systemContext, type TestPlatform } from "./database.ts";
import { makeUser } from "./made.ts";

/** Without a file in it. */
const LOG_DIR = mkdtempSync(join(tmpdir(), "causeway-logs-"));
process.on("exit", () => rmSync(LOG_DIR, { recursive: true, force: true }));
export const PANEL = "https://panel.test";
export const PROXY_AUTH_TOKEN = randomBytes(32).toString("base64url");

/** The web program without Next: the same app objects on the test's own database. */
export function makeWebRuntime(platform: TestPlatform, over: Partial<WebRuntime> = {}): WebRuntime {
  return {
    env: {
      LOG_LEVEL: "fatal",
      LOG_DIR,
      OTLP_ENDPOINT: "",
      TRACE_SAMPLE_RATIO: 1,
      JAEGER_QUERY_URL: "",
      WEB_PORT: 1,
      WEB_INTERNAL_HOST: "127.0.0.1",
      WEB_INTERNAL_PORT: 1,
      PANEL_URL: PANEL,
      HTTP_PROXY_TLS: "1",
      HTTP_PROXY_ADDRESS: "panel.test:8888",
      SOCKS_PROXY_ADDRESS: "panel.test:1080",
      DATABASE_URL_FILE: platform.databaseUrl,
      REDIS_URL_FILE: platform.redisUrl,
      MASTER_KEY_FILE: "",
      NEXTAUTH_SECRET_FILE: randomBytes(32).toString("hex"),
      PROXY_AUTH_TOKEN_FILE: PROXY_AUTH_TOKEN,
      TRUSTED_PROXIES: ["127.0.0.1"],
      PROGRAM_HEALTH: [],
      PROMETHEUS_URL: "",
      GRAFANA_URL: "",
    },
    redis: platform.redis,
    logger: createLogger("web-test", "fatal"),
    registry: createRegistry(),
    clock: { now: () => Date.now() },
    version: "0.0.0",
    ...over,
  };
}

export const makeApi = (platform: TestPlatform, over?: Partial<WebRuntime>) =>
  createApi(makeWebRuntime(platform, over));
export const makeInternalApi = (platform: TestPlatform) => createInternalApi(makeWebRuntime(platform));

export type Visitor = { user: UserSecrets; cookie: string; sessionId: string };

/** Somebody with this role and an open session. */
export async function makeVisitor(role: Role): Promise<Visitor> {
  const user = await makeUser({ role });
  const value = randomBytes(32).toString("base64url");
  const { id } = await createSession({
    idHash: sha256Hex(value),
    user: { id: user.id, name: user.name, role },
    host: "panel.test",
    ip: "192.0.2.1",
    userAgent: "vitest",
    expiresAt: new Date(Date.now() + 3_600_000),
    requestId: "test",
  });
  return { user, cookie: `__Host-causeway=${value}`, sessionId: id };
}

export async function setPassword(user: UserSecrets, password: string): Promise<void> {
  const token = user.invite?.url.split("/").at(-1) ?? "";
  await acceptInvite({ token, input: { password }, ip: null, requestId: "test" });
}

/** A new token file of the actor local-cli. */
export async function makeCliToken(): Promise<string> {
  const token = `cwy_${randomBytes(32).toString("base64url")}`;
  await upsertCliToken({ ctx: systemContext(), tokenHash: sha256Hex(token) });
  return token;
}

/** A write as the panel's pages send it. */
export function write(method: string, cookie: string | null, body: unknown = {}, headers = {}): RequestInit {
  return {
    method,
    headers: {
      origin: PANEL,
      "content-type": "application/json",
      ...(cookie === null ? {} : { cookie }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}
