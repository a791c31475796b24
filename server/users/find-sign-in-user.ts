import type { Role, UserStatus } from "#lib/schemas/user.ts";
import { getDb } from "#server/db.ts";

export type SignInUser = {
  id: string;
  name: string;
  role: Role;
  status: UserStatus;
  passwordHash: string | null;
};

/** Whom somebody means who types this at the sign-in: a name or an e-mail address. Null: nobody, or more than one. */
export async function findSignInUser(typed: string): Promise<SignInUser | null> {
  const login = typed.trim().toLowerCase();
  // Prisma compares insensitively by ILIKE: without this a login of `%@%` would be anybody's.
  const email = login.replace(/[\\%_]/g, "\\$&");
  const users = await getDb().user.findMany({
    where: login.includes("@") ? { email: { equals: email, mode: "insensitive" } } : { name: login },
    select: { id: true, name: true, role: true, status: true, passwordHash: true },
    take: 2,
  });
  // E-mail addresses may be shared: then only the name tells who it is.
  return users.length === 1 ? (users[0] ?? null) : null;
}
