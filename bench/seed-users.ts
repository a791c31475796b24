import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { makeCredential } from "#server/credentials/make-credential.ts";
import { loadMasterKey } from "#server/crypto.ts";

/**
 * Fills a stack's database with users that are as real as `vpn user add` makes them (docs/scale.md):
 *   node bench/seed-users.ts --data /tmp/scale-data --users 100000
 * One bulk change row tells every program. Names carry the run, so that it may be repeated.
 */
const { values } = parseArgs({
  options: { data: { type: "string", default: ".data" }, users: { type: "string", default: "100000" } },
});
const secrets = join(values.data, "secrets");
const BATCH = 5_000;
const GB = 1_000_000_000;
const DAY_MS = 86_400_000;
/** As server/changes/record-change.ts. */
const FEED_LOCK = 7_231_001;

const total = Number(values.users);
if (!Number.isInteger(total) || total < 1) throw new Error("--users is a number above 0.");
loadMasterKey(join(secrets, "master-key"));
const db = new pg.Client({ connectionString: readFileSync(join(secrets, "database-url"), "utf8").trim() });
await db.connect();

const run = randomBytes(2).toString("hex");
const startedAt = performance.now();
for (let start = 0; start < total; start += BATCH) {
  const count = Math.min(BATCH, total - start);
  await insertBatch(Array.from({ length: count }, (_, index) => makeUser(start + index)));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.error(`${start + count} of ${total} users (${seconds} s)`);
}
await insertBuckets();
await db.query("ANALYZE");
await db.query("BEGIN");
await db.query("SELECT pg_advisory_xact_lock($1::bigint)", [FEED_LOCK]);
const { rows } = await db.query("INSERT INTO change (kind, ids) VALUES ('user', '{}') RETURNING id");
await db.query("COMMIT");
await db.end();
console.log(JSON.stringify({ users: total, prefix: `load-${run}-`, revision: Number(rows[0].id) }));

type SeedUser = ReturnType<typeof makeUser>;

/** Of 100: 91 active, 4 disabled, 3 expired, 2 over their limit; 60 limited, half with an end, 60 reset monthly. */
function makeUser(index: number) {
  const id = randomUUID();
  const kind = index % 100;
  const now = Date.now();
  const status = kind < 4 ? "disabled" : kind < 7 ? "expired" : kind < 9 ? "limited" : "active";
  const limitBytes = kind < 60 ? 50 * GB : null;
  const usedBytes = status === "limited" ? 51 * GB : Math.floor(Math.random() * 40 * GB);
  const isMonthly = kind < 60;
  return {
    id,
    name: `load-${run}-${String(index).padStart(6, "0")}`,
    email: kind % 2 === 0 ? `load-${run}-${index}@example.org` : null,
    note: kind % 10 === 0 ? `imported, batch ${Math.floor(index / 1000)}` : "",
    status,
    limitBytes,
    resetPeriod: isMonthly ? "month" : "never",
    nextResetAt: isMonthly ? new Date(now + (1 + (index % 30)) * DAY_MS) : null,
    expiresAt:
      status === "expired"
        ? new Date(now - DAY_MS)
        : kind % 2 === 0
          ? new Date(now + (2 + (index % 300)) * DAY_MS)
          : null,
    createdAt: new Date(now - (index % 700) * DAY_MS - index),
    onlineAt: kind % 5 === 0 ? new Date(now - (index % 48) * 3_600_000 - 120_000) : null,
    usedBytes,
    credentials: (["vless", "proxy", "subscription"] as const).map((name) => makeCredential(id, name).row),
  };
}

async function insertBatch(users: SeedUser[]): Promise<void> {
  const column = <K extends keyof SeedUser>(key: K) => users.map((user) => user[key]);
  const credentials = users.flatMap((user) => user.credentials);
  await db.query("BEGIN");
  await db.query(
    `INSERT INTO "user" (id, name, email, note, status, limit_bytes, reset_period, next_reset_at, expires_at, created_at, updated_at)
     SELECT id, name, email, note, status::"UserStatus", limit_bytes, reset_period::"ResetPeriod", next_reset_at, expires_at, created_at, now()
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
       AS r (id, name, email, note, status, limit_bytes, reset_period, next_reset_at, expires_at, created_at)`,
    [
      column("id"),
      column("name"),
      column("email"),
      column("note"),
      column("status"),
      column("limitBytes"),
      column("resetPeriod"),
      column("nextResetAt"),
      column("expiresAt"),
      column("createdAt"),
    ],
  );
  await db.query(
    `INSERT INTO credential (user_id, kind, sealed, lookup_hash)
     SELECT user_id, kind::"CredentialKind", sealed, lookup_hash
     FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) AS r (user_id, kind, sealed, lookup_hash)`,
    [
      credentials.map((row) => row.userId),
      credentials.map((row) => row.kind),
      credentials.map((row) => Buffer.from(row.sealed)),
      credentials.map((row) => Buffer.from(row.lookupHash)),
    ],
  );
  await db.query(
    `INSERT INTO user_usage (user_id, vpn_up, vpn_down, http_up, http_down, reset_at, online_at)
     SELECT id, used / 20, used * 15 / 20, used / 20, used - used / 20 - used * 15 / 20 - used / 20, now() - interval '20 days', online_at
     FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS r (id, used, online_at)`,
    [column("id"), column("usedBytes"), column("onlineAt")],
  );
  await db.query("COMMIT");
}

/** Daily rows of a fifth of the users for 30 days, hourly ones of a 20th for a day, 5-minute ones of a 200th. */
async function insertBuckets(): Promise<void> {
  for (const [table, width, count, oneIn] of [
    ["usage_1d", "1 day", 30, 5],
    ["usage_1h", "1 hour", 24, 20],
    ["usage_5m", "5 minutes", 288, 200],
  ] as const) {
    await db.query(
      `INSERT INTO ${table} (bucket, user_id, node_id, door, up_bytes, down_bytes)
       SELECT date_bin($1::interval, now(), timestamptz '2000-01-01 00:00Z') - step * $1::interval, id,
         '00000000-0000-0000-0000-000000000000', door, (random() * 1e6)::bigint, (random() * 1e8)::bigint
       FROM (SELECT id FROM "user" WHERE name LIKE $2 AND right(name, 6)::int % $4 = 0) u,
         generate_series(0, $3 - 1) AS step, generate_series(1, 2) AS door
       ON CONFLICT DO NOTHING`,
      [width, `load-${run}-%`, count, oneIn],
    );
    console.error(`${table} filled`);
  }
}
