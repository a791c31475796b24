import { parseAuthority, type Target } from "../net/target.ts";

/** `authority` is the Host header the origin gets, `path` is as the client wrote it. */
export type ForwardTarget = Target & { authority: string; path: string };

const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)$/i;

/** Reads an absolute-form target; a string says what is wrong with it. */
export function parseForwardTarget(url: string): ForwardTarget | string {
  const match = ABSOLUTE.exec(url);
  if (!match) return "This is a proxy: give it a full URL (http://host/…), or use CONNECT.";
  const [, scheme = "", authority = "", rest = ""] = match;
  if (scheme.toLowerCase() !== "http")
    return "Plain requests are for http:// only; use CONNECT for everything else.";
  if (authority.includes("@")) return "Leave name and password out of the URL.";
  const target = parseAuthority(authority, 80);
  if (!target) return "The host or port in the URL cannot be read.";
  return { ...target, authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}
