import type { IncomingHttpHeaders } from "node:http";
import { parseAuthority } from "../net/target.ts";

/** The request that Traefik asks about. */
export type CheckedRequest = {
  method: string;
  /** Lower case, without port and trailing dot. */
  hostname: string;
  /** Absolute, for the way back after login. */
  url: string;
  /** As on the wire, without the query. */
  path: string;
  isHttps: boolean;
  /** A person looking at a page, who is sent to the login; else a program, which is told 401. */
  isBrowser: boolean;
  /** As the trusted proxy says; empty when it does not. */
  clientIp: string;
};

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/;
const SCHEMES = new Map([
  ["https", "https"],
  ["wss", "https"],
  ["http", "http"],
  ["ws", "http"],
]);
const MAX_URI = 8192;
const PATH = /^\/[\x21-\x7e]*$/;
/** Bytes that clients send unescaped in a query, and Traefik passes on: the path before them still decides. */
const URI = /^\/[\x21-\x7e]*(?:\?[\x20-\x7e\x80-\xff]*)?$/;

export const isWireMethod = (method: unknown): boolean => typeof method === "string" && METHOD.test(method);
/** Printable and of bounded length: taken as it is. */
export const isWirePath = (uri: string): boolean => uri.length <= MAX_URI && PATH.test(uri);

/** Null when what a trusted proxy must send is missing or makes no sense. */
export function readCheckedRequest(headers: IncomingHttpHeaders): CheckedRequest | null {
  const method = single(headers["x-forwarded-method"]);
  const host = single(headers["x-forwarded-host"]);
  const proto = single(headers["x-forwarded-proto"]);
  const uri = single(headers["x-forwarded-uri"]);
  // A path that is not taken as it is cannot be decided on: another in its place would be answered for it.
  if (!METHOD.test(method) || uri.length > MAX_URI || !URI.test(uri)) return null;
  const target = parseAuthority(host, 443);
  if (!target) return null;
  const scheme = SCHEMES.get(proto);
  if (!scheme) return null;
  const accept = single(headers.accept);
  const isRead = method === "GET" || method === "HEAD";
  const isScript = headers["x-requested-with"] !== undefined || headers.upgrade !== undefined;
  return {
    method,
    hostname: target.host,
    url: `${scheme}://${host.toLowerCase()}${uri.replace(/[^\x21-\x7e]/g, escapeByte)}`,
    path: uri.split("?", 1)[0] ?? "/",
    clientIp: single(headers["x-forwarded-for"]).split(",").at(-1)?.trim() ?? "",
    isHttps: scheme === "https",
    isBrowser: isRead && !isScript && /(^|[\s,])text\/html/i.test(accept),
  };
}

const escapeByte = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

function single(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : "";
}
