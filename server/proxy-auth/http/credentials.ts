import type { Credentials } from "../replica/admission.ts";

const BASIC = /^basic[ \t]+([A-Za-z0-9+/_-]+={0,2})[ \t]*$/i;

/** `Basic base64(name:password)` in UTF-8 (RFC 7617); null = missing or unreadable. The password may hold colons. */
export function parseBasic(header: string | undefined): Credentials | null {
  const encoded = header && BASIC.exec(header)?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return null;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
