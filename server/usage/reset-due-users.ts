import { nextReset } from "#lib/next-reset.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { recordChange } from "#server/changes/record-change.ts";
import { getDb } from "#server/db.ts";

const BATCH = 5_000;

/** Starts a new period for users whose reset is due: totals to zero, `limited` to active again. Answers how many. */
export async function resetDueUsers({ now = new Date() }: { now?: Date } = {}): Promise<{ reset: number }> {
  const result = await getDb().$transaction(
    async (tx) => {
      // Totals are locked before users, as applyUsage does, so that the two cannot wait for each other.
      const locked = await tx.$queryRaw<{ id: string }[]>`
        SELECT t.user_id AS id FROM user_usage t WHERE t.user_id IN (
          SELECT id FROM "user" WHERE next_reset_at <= ${now} AND reset_period <> 'never' ORDER BY id LIMIT ${BATCH})
        ORDER BY t.user_id FOR UPDATE`;
      const due = await tx.$queryRaw<{ id: string; period: "day" | "week" | "month" | "year" }[]>`
        SELECT id, reset_period::text AS period FROM "user"
        WHERE id = ANY(${locked.map((row) => row.id)}::uuid[]) AND next_reset_at <= ${now}
          AND reset_period <> 'never'
        ORDER BY id FOR UPDATE`;
      if (due.length === 0) return null;
      const ids = due.map((row) => row.id);
      await tx.$executeRaw`
        UPDATE user_usage SET vpn_up = 0, vpn_down = 0, http_up = 0, http_down = 0, socks_up = 0, socks_down = 0,
          reset_at = ${now}
        WHERE user_id = ANY(${ids}::uuid[])`;
      await tx.$executeRaw`
        UPDATE "user" u SET next_reset_at = d.next, updated_at = now(),
          status = CASE WHEN u.status = 'limited' THEN 'active'::"UserStatus" ELSE u.status END
        FROM unnest(${ids}::uuid[], ${due.map((row) => nextReset(row.period, now)?.toISOString() ?? null)}::timestamptz[]) AS d (id, next)
        WHERE u.id = d.id`;
      return { reset: ids.length, revision: await recordChange(tx, "user", ids) };
    },
    { timeout: 20_000 },
  );
  if (result === null) return { reset: 0 };
  await publishRevision(result.revision);
  return { reset: result.reset };
}
