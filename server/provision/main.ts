import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { initChanges } from "#server/changes/publish-revision.ts";
import { loadMasterKey } from "#server/crypto.ts";
import { closeDb, initDb } from "#server/db.ts";
import { readEnv } from "#server/env.ts";
import { createRedis } from "#server/redis.ts";
import { initInstallation } from "#server/users/installation.ts";
import { provision, provisionInputSchema } from "./provision.ts";

/** JSON on stdin → JSON on stdout (it holds secrets: for `up` only); what went wrong is one line on stderr. */
async function main(): Promise<void> {
  const env = readEnv("provision");
  const parsed = provisionInputSchema.safeParse(JSON.parse(await text(process.stdin)));
  if (!parsed.success)
    throw new Error(
      `wrong input: ${parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
    );
  const input = parsed.data;
  loadMasterKey(env.MASTER_KEY_FILE);
  initDb(env.DATABASE_URL_FILE);
  initInstallation({
    panelUrl: env.PANEL_URL,
    httpProxyAddress: env.HTTP_PROXY_ADDRESS,
    socksProxyAddress: env.SOCKS_PROXY_ADDRESS,
  });
  const redis = env.REDIS_URL_FILE === undefined ? null : createRedis(env.REDIS_URL_FILE);
  if (redis !== null) initChanges({ redis });
  try {
    const ctx = {
      actor: { kind: "system", name: "provision", role: "owner" },
      requestId: randomUUID(),
      ip: null,
    } as const;
    process.stdout.write(`${JSON.stringify(await provision({ ctx, input }))}\n`);
  } finally {
    redis?.disconnect();
    await closeDb();
  }
}

await main().catch((error: Error) => {
  process.stderr.write(`Provisioning failed: ${error.message}\n`);
  process.exitCode = 1;
});
