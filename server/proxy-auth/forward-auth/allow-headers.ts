import { SESSION_COOKIE } from "#server/session-store.ts";
import { splitCookies } from "./cookie-header.ts";
import type { Identity } from "./decide.ts";
import { NONCE_COOKIE } from "./sign-in-handoff.ts";

type Header = [name: string, value: string];

/** What a 2xx says to the upstream. Traefik replaces the client's copies, and removes the ones listed but not sent. */
export function allowHeaders({ name, email, role, groups }: Identity, cookie: string | undefined): Header[] {
  const headers: Header[] = [
    ["Cache-Control", "no-store"],
    ["Content-Length", "0"],
    ["Remote-User", name],
    ["Remote-Name", name],
    ["Remote-Groups", [role, ...groups].join(",")],
  ];
  if (email && /^[\x21-\x7e]+$/.test(email)) headers.push(["Remote-Email", email]);
  return [...headers, ...cookieHeaders(cookie)];
}

/** What the site may see of the cookies: all but ours. */
export function cookieHeaders(cookie: string | undefined): Header[] {
  const { rest } = splitCookies(cookie, SESSION_COOKIE, NONCE_COOKIE);
  return rest === null ? [] : [["Cookie", rest]];
}
