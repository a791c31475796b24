import { isIP } from "node:net";
import { parseEmail } from "./email.ts";

export type ConnectionReport = { userId: string; inboundTag: string; ip: string; port: number };

/** What the routing rule's webhook posts, without the destination; null when it is about none of our users. */
export function parseReport(body: unknown): ConnectionReport | null {
  if (typeof body !== "object" || body === null) return null;
  const { email, source } = body as { email?: unknown; source?: unknown };
  if (typeof email !== "string" || typeof source !== "string") return null;
  const user = parseEmail(email);
  const address = splitAddress(source);
  return user && address && { ...user, ...address };
}

/** `1.2.3.4:5`, `[2001:db8::1]:5` and the same with an IPv4 address in IPv6 clothes, as ss prints them too. */
export function splitAddress(text: string): { ip: string; port: number } | null {
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  const host = text
    .slice(0, colon)
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/^::ffff:(?=\d+\.)/i, "");
  if (colon < 1 || isIP(host) === 0 || !Number.isInteger(port) || port < 1 || port > 65535) return null;
  return { ip: host, port };
}
