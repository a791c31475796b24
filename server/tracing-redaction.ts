import type { Attributes } from "@opentelemetry/api";

/** Addresses that are secrets themselves (stack/traefik/dynamic.ts has the same list for Traefik). */
const SECRET_PATH = /\/(?:sub|invite|pac|api\/v1\/invites)\/[^/\s[:{]/i;
const TOKEN = /\b(?:cwy_[\w-]{20,}|vless:\/\/\S+)/g;

/** Next's steps of loading its own code: half of all its spans, and never the answer. */
const NEXT_DETAILS = new Set([
  "LoadComponents.loadRouteModule",
  "RouteModule.prepare",
  "NextNodeServer.findPageComponents",
  "NextNodeServer.startResponse",
  "NextNodeServer.getLayoutOrPageModule",
  "NextNodeServer.clientComponentLoading",
  "NextNodeServer.createComponentTree",
  "Instrumentation.register",
  "Instrumentation.loadModule",
]);

export const isNextDetail = (attributes: Attributes): boolean =>
  NEXT_DETAILS.has(String(attributes["next.span_type"]));

/** Whether a span's name or attributes hold the address of a secret (a template such as /sub/[token] is none). */
export function hidesSecretPath(name: string, attributes: Attributes): boolean {
  if (SECRET_PATH.test(name)) return true;
  return Object.values(attributes).some((value) => typeof value === "string" && SECRET_PATH.test(value));
}

/** An address without its query (login?next=…, codes), and nothing that has the form of a token or a link. */
export function withoutQuery(value: string): string {
  const shortened = /^(?:[A-Z]+ )?(?:https?:\/\/|\/)\S*\?/.test(value)
    ? value.slice(0, value.indexOf("?"))
    : value;
  return shortened.replace(TOKEN, "[redacted]");
}
