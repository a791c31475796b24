import { isNamedHost } from "#lib/access-policy.ts";
import { readAccessPolicy } from "./access-policy-row.ts";

/**
 * Does a rule name this host (`*` alone names none)? Only there does the panel hand a sign-in on: an open redirect
 * otherwise.
 */
export async function isSiteHost(hostname: string): Promise<boolean> {
  return isNamedHost((await readAccessPolicy()).rules, hostname);
}
