import { getDb } from "#server/db.ts";

/**
 * Takes or renews the lease `name` for `holder` (a uuid of the process). Answers whether it is held now.
 * Postgres's clock decides, so that programs on other machines agree.
 */
export async function holdLease({
  name,
  holder,
  ttlSeconds,
}: {
  name: string;
  holder: string;
  ttlSeconds: number;
}): Promise<boolean> {
  const rows = await getDb().$queryRaw<unknown[]>`
    INSERT INTO lease AS l (name, holder, expires_at) VALUES (${name}, ${holder}::uuid, now() + make_interval(secs => ${ttlSeconds}))
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
    WHERE l.holder = EXCLUDED.holder OR l.expires_at < now()
    RETURNING 1`;
  return rows.length === 1;
}

/** Lets the next process take over at once; used on shutdown. */
export async function releaseLeases({ holder }: { holder: string }): Promise<void> {
  await getDb().lease.deleteMany({ where: { holder } });
}
