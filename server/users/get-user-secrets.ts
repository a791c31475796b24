import type { UserSecrets } from "#lib/schemas/user.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";
import { toUserSecrets } from "./to-user-secrets.ts";
import { getReadableRow, isSelf } from "./user-row.ts";

/** Links, subscription URL and proxy password. Reading another's secrets leaves an audit row. */
export async function getUserSecrets({ ctx, ref }: { ctx: Context; ref: string }): Promise<UserSecrets> {
  // A script that only reads must not be able to act as the people it reads about.
  if (ctx.actor.kind === "token" && !ctx.actor.scopes.includes("write"))
    throw forbidden("A token that only reads does not see secrets. Make one with the scope write.");
  const row = await getReadableRow(ctx, ref);
  if (!isSelf(ctx, row)) {
    if (row.role === "owner" && ctx.actor.role !== "owner")
      throw forbidden("Only an owner may see an owner's secrets.");
    await recordAudit(getDb(), {
      ctx,
      action: "user.read-secrets",
      targetKind: "user",
      targetId: row.id,
      targetName: row.name,
    });
  }
  return toUserSecrets(row);
}
