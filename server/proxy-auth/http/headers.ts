import { STATUS_CODES } from "node:http";

/** RFC 9110 §7.6.1, and what old clients send in its place. Framing is made anew by node:http. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "proxy-authorization",
  "proxy-authenticate",
  "proxy-authentication-info",
]);
/** A Connection header cannot name these away: the message would mean something else. */
const NEVER_NOMINATED = new Set(["host", "content-length", "via", "expect", "trailer", "cache-control"]);
const VIA_NAME = "causeway";

/** Flat [name, value, …] as node:http gives and takes it. */
export type RawHeaders = string[];

/** What goes on to the next hop: without hop-by-hop headers and those that Connection names, with our Via. */
export function endToEndHeaders(
  raw: readonly string[],
  options: { httpVersion: string; drop?: readonly string[] },
): RawHeaders {
  const dropped = [...(options.drop ?? []), ...nominated(raw)];
  const kept: RawHeaders = [];
  const via: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const value = raw[i + 1] ?? "";
    const lower = name.toLowerCase();
    if (lower === "via") via.push(value);
    else if (!HOP_BY_HOP.has(lower) && !dropped.includes(lower)) kept.push(name, value);
  }
  kept.push("Via", [...via, `${options.httpVersion} ${VIA_NAME}`].join(", "));
  return kept;
}

function nominated(raw: readonly string[]): string[] {
  const tokens = tokensOf(raw, "connection");
  return tokens.filter((token) => !NEVER_NOMINATED.has(token) && !HOP_BY_HOP.has(token));
}

/** Our own Via in a request means that it has come round. */
export function hasOurVia(raw: readonly string[]): boolean {
  return valuesOf(raw, "via").some((value) =>
    value.split(",").some((hop) => hop.trim().split(/\s+/)[1] === VIA_NAME),
  );
}

export function tokensOf(raw: readonly string[], name: string): string[] {
  return valuesOf(raw, name)
    .flatMap((value) => value.split(",").map((token) => token.trim().toLowerCase()))
    .filter((token) => token !== "");
}

export function valuesOf(raw: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (raw[i]?.toLowerCase() === name) values.push(raw[i + 1] ?? "");
  return values;
}

/** A response head as text, for sockets that node:http has let go of. */
export function formatHead(status: number, message: string | undefined, raw: readonly string[]): string {
  return `HTTP/1.1 ${status} ${message || (STATUS_CODES[status] ?? "Unknown")}\r\n${formatFields(raw)}\r\n`;
}

export function formatFields(raw: readonly string[]): string {
  let lines = "";
  for (let i = 0; i + 1 < raw.length; i += 2) lines += `${raw[i]}: ${raw[i + 1]}\r\n`;
  return lines;
}
