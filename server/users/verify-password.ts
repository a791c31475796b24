import type { Role } from "#lib/schemas/user.ts";
import type { SignInUser } from "./find-sign-in-user.ts";
import { isPassword } from "./password-hash.ts";

/**
 * Who signs in, if this is their panel password; in the same time for nobody (null). A user who is switched off may
 * still sign in: the panel tells them why nothing works. `disabled` may not.
 */
export async function verifyPassword({
  user,
  password,
}: {
  user: SignInUser | null;
  password: string;
}): Promise<{ id: string; name: string; role: Role } | null> {
  const isRight = await isPassword(user?.passwordHash ?? null, password);
  if (!isRight || user === null || user.status === "disabled") return null;
  return { id: user.id, name: user.name, role: user.role };
}
