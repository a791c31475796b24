import type { User } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { getReadableRow, toUser } from "./user-row.ts";

/** By id, name or `me`; a user reads only themselves. */
export async function getUser({ ctx, ref }: { ctx: Context; ref: string }): Promise<User> {
  return toUser(await getReadableRow(ctx, ref));
}
