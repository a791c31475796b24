import type { Role } from "#lib/schemas/user.ts";

type AccessRule = { matches: (host: string) => boolean; roles: readonly Role[] };

/**
 * Who may see what stands behind ForwardAuth, first match decides. Rules that operators edit come later; until then
 * everything behind it is an operator's tool (the dashboard on :8080), and no rule means nobody.
 */
const RULES: readonly AccessRule[] = [{ matches: () => true, roles: ["owner", "admin"] }];

export function mayAccess(role: Role, host: string): boolean {
  return RULES.find((rule) => rule.matches(host))?.roles.includes(role) ?? false;
}
