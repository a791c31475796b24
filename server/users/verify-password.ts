import type { Role } from "#lib/schemas/user.ts";
import { findSignInUser } from "./find-sign-in-user.ts";
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
  const user = await findSignInUser(name);
  const isRight = await isPassword(user?.passwordHash ?? null, password);
  if (!isRight || user === null || user.status === "disabled") return null;
  return { id: user.id, name: user.name, role: user.role };
}
