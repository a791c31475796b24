import type { LogFilter } from "#lib/logs/log-filter.ts";
import { getDb } from "#server/db.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lines name a user by id or by name: who asks for the one gets both. Without the database, what was typed. */
export async function resolveLogFilter(filter: LogFilter): Promise<LogFilter> {
  const { user } = filter;
  if (user === undefined) return filter;
  const isId = UUID.test(user);
  const found = await getDb()
    .user.findFirst({
      where: isId ? { id: user.toLowerCase() } : { name: user },
      select: { id: true, name: true },
    })
    .catch(() => null);
  return found ? { ...filter, userAlias: isId ? found.name : found.id } : filter;
}
