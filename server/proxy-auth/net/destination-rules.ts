import type { Destinations } from "#lib/schemas/group.ts";
import { isNetwork } from "#lib/schemas/group.ts";
import { createAddressList } from "./address-list.ts";
import type { Target } from "./target.ts";

/** May a user go to this address of a target? Asked for each address that a name resolved to. */
export type MayGo = (target: Target, address: string) => boolean;

type Matcher = (target: Target, address: string) => boolean;

/** A group's rules made ready: first match decides, then `otherwise`. */
export function compileDestinations({ otherwise, rules }: Destinations): MayGo {
  const compiled = rules.map((rule) => ({
    isAllowed: rule.action === "allow",
    matches: both(matchTarget(rule.target), matchPorts(rule.ports)),
  }));
  const isAllowedElse = otherwise === "allow";
  return (target, address) =>
    compiled.find((rule) => rule.matches(target, address))?.isAllowed ?? isAllowedElse;
}

function both(first: Matcher, second: Matcher | null): Matcher {
  return second === null ? first : (target, address) => first(target, address) && second(target, address);
}

function matchTarget(pattern: string): Matcher {
  if (pattern === "*") return () => true;
  if (isNetwork(pattern)) {
    const contains = createAddressList([pattern]);
    return (_target, address) => contains(address);
  }
  if (pattern.startsWith("*.")) {
    const end = pattern.slice(1);
    return ({ host, isLiteral }) => !isLiteral && host.length > end.length && host.endsWith(end);
  }
  return ({ host, isLiteral }) => !isLiteral && host === pattern;
}

function matchPorts(ports: string | null): Matcher | null {
  if (ports === null) return null;
  const ranges = ports.split(",").map((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return { from, to };
  });
  return ({ port }) => ranges.some(({ from, to }) => from <= port && port <= to);
}
