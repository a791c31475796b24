import type { Role } from "#lib/schemas/user.ts";
import { getDb } from "#server/db.ts";
import { isPassword } from "./password-hash.ts";

/**
 * The user whose panel password this is, or null; by name or e-mail, in the same time for unknown names.
 * A user who is switched off may still sign in: the panel tells them why nothing works. `disabled` may not.
 */
export async function verifyPassword({
  name,
  password,
}: {
  name: string;
  password: string;
}): Promise<{ id: string; name: string; role: Role } | null> {
  const login = name.trim().toLowerCase();
  // Prisma compares insensitively by ILIKE: without this a login of `%@%` would be anybody's.
  const email = login.replace(/[\\%_]/g, "\\$&");
  const users = await getDb().user.findMany({
    where: login.includes("@") ? { email: { equals: email, mode: "insensitive" } } : { name: login },
    select: { id: true, name: true, role: true, status: true, passwordHash: true },
    take: 2,
  });
  // E-mail addresses may be shared: then only the name tells who it is.
  const user = users.length === 1 ? (users[0] ?? null) : null;
  if (
    !(await isPassword(user?.passwordHash ?? null, password)) ||
    user === null ||
    user.status === "disabled"
  )
    return null;
  return { id: user.id, name: user.name, role: user.role };
}
