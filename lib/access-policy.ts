import { readingsOf } from "./path-readings.ts";
import type { Role } from "./schemas/user.ts";

/** A rule as doors hold it: groups by id. */
export type HeldRule = {
  host: string;
  path: string;
  policy: "public" | "any_user" | "roles" | "groups" | "deny";
  roles: readonly Role[];
  groups: readonly string[];
};
/** null = not signed in. */
export type Visitor = { role: Role; groups: readonly string[] } | null;
export type AccessVerdict = {
  outcome: "allow" | "sign_in" | "deny";
  /** Index into the rules; null = none matches. */
  rule: number | null;
};

/** What an installation starts with: everything behind ForwardAuth is an operator's tool. */
export const INSTALLED_RULES: readonly HeldRule[] = [
  { host: "*", path: "/*", policy: "roles", roles: ["owner", "admin"], groups: [] },
];

/** Behind ForwardAuth on the panel's own host stand the tools of operators: no edited rule opens them. */
export const PANEL_HOST_RULES: readonly HeldRule[] = [...INSTALLED_RULES];

const STRICTNESS = { allow: 0, sign_in: 1, deny: 2 } as const;

/**
 * May this visitor see it? First match by host and path decides, no match is nobody. A path that servers could read in
 * more than one way (escapes, backslashes, dots, parameters, letter case) gets the strictest answer of all readings.
 * `hostname` is lower case without port and trailing dot, `path` as on the wire without query.
 */
export function decideAccess(options: {
  rules: readonly HeldRule[];
  hostname: string;
  path: string;
  visitor: Visitor;
}): AccessVerdict {
  const { rules, hostname, path, visitor } = options;
  const exact = verdictOf(rules, hostname, path, false, visitor);
  const first = rules.find((rule) => matchesHost(rule.host, hostname));
  if (first === undefined || first.path === "/*") return exact;
  const readings = readingsOf(path);
  if (readings === null) return { outcome: visitor === null ? "sign_in" : "deny", rule: null };
  let strictest = exact;
  for (const reading of readings) {
    for (const ignoresCase of [false, true]) {
      const verdict = verdictOf(rules, hostname, reading, ignoresCase, visitor);
      if (STRICTNESS[verdict.outcome] > STRICTNESS[strictest.outcome]) strictest = verdict;
    }
  }
  return strictest;
}

function verdictOf(
  rules: readonly HeldRule[],
  hostname: string,
  path: string,
  ignoresCase: boolean,
  visitor: Visitor,
): AccessVerdict {
  const index = rules.findIndex(
    (rule) => matchesHost(rule.host, hostname) && matchesPath(rule.path, path, ignoresCase),
  );
  const rule = rules[index];
  if (rule?.policy === "public") return { outcome: "allow", rule: index };
  // Who is not signed in learns nothing about what is denied and what is only closed.
  if (visitor === null) return { outcome: "sign_in", rule: rule ? index : null };
  if (!rule) return { outcome: "deny", rule: null };
  const isIn =
    rule.policy === "any_user" ||
    (rule.policy === "roles" && rule.roles.includes(visitor.role)) ||
    (rule.policy === "groups" && rule.groups.some((group) => visitor.groups.includes(group)));
  return { outcome: isIn ? "allow" : "deny", rule: index };
}

/** Does the first rule for this host decide, whatever the path? Then no path can be read in two ways. */
export function decidesEveryPath(rules: readonly HeldRule[], hostname: string): boolean {
  const first = rules.find((rule) => matchesHost(rule.host, hostname));
  return first?.path === "/*" && first.policy !== "public";
}

/** Does a rule name this host, itself or by all below another? `*` names none. */
export function isNamedHost(rules: readonly Pick<HeldRule, "host">[], hostname: string): boolean {
  return rules.some((rule) => rule.host !== "*" && matchesHost(rule.host, hostname));
}

function matchesHost(pattern: string, hostname: string): boolean {
  if (pattern === "*") return true;
  if (!pattern.startsWith("*.")) return pattern === hostname;
  return hostname.length > pattern.length - 1 && hostname.endsWith(pattern.slice(1));
}

function matchesPath(pattern: string, path: string, ignoresCase: boolean): boolean {
  const [wanted, given] = ignoresCase ? [pattern.toLowerCase(), path.toLowerCase()] : [pattern, path];
  if (wanted === "/*") return true;
  if (!wanted.endsWith("/*")) return wanted === given;
  return given === wanted.slice(0, -2) || given.startsWith(wanted.slice(0, -1));
}
