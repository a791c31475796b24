import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { SESSION_COOKIE } from "#server/session-store.ts";
import type { InternalApi } from "../replica/internal-api.ts";
import type { CheckedRequest } from "./checked-request.ts";
import { splitCookies } from "./cookie-header.ts";

/** Ours on every site behind ForwardAuth; the site itself never sees a request for it. */
export const OWN_PATHS = "/.causeway/";
const CALLBACK_PATH = "/.causeway/callback";
/** Ties a sign-in to the browser that began it: nobody can be signed in as somebody else by a link. */
export const NONCE_COOKIE = "__Host-causeway-signin";
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const NONCE_SECONDS = 600;
const FLAGS = "Path=/; HttpOnly; Secure; SameSite=Lax";

/** Where a browser signs in for this site, and the cookie that it comes back with. */
export function startSignIn(
  request: IncomingMessage,
  checked: CheckedRequest,
  panelUrl: string,
): { location: string; cookie: string } {
  // Several pages opened at once share one nonce, or only the last of them would come back.
  const nonce = readNonce(request) ?? randomBytes(32).toString("base64url");
  const location = new URL("/login", panelUrl);
  location.searchParams.set("next", checked.url);
  location.searchParams.set("state", stateOf(nonce));
  return {
    location: location.href,
    cookie: `${NONCE_COOKIE}=${nonce}; Max-Age=${NONCE_SECONDS}; ${FLAGS}`,
  };
}

export type HandoffResult = { location: string; cookies: string[] } | null;

/** The browser is back with a code: opens the session of this host. Null: the code is not, or no longer, good here. */
export async function finishSignIn(
  request: IncomingMessage,
  checked: CheckedRequest,
  api: Pick<InternalApi, "redeemHandoff">,
): Promise<HandoffResult> {
  const url = new URL(checked.url);
  const code = url.searchParams.get("code") ?? "";
  const nonce = readNonce(request);
  if (url.pathname !== CALLBACK_PATH || url.protocol !== "https:" || !SECRET.test(code) || nonce === null)
    return null;
  const redeemed = await api.redeemHandoff({
    code,
    host: url.host,
    state: stateOf(nonce),
    ip: clientIp(request),
    userAgent: (request.headers["user-agent"] ?? "").slice(0, 300),
  });
  if (redeemed === null) return null;
  return {
    location: redeemed.url,
    cookies: [`${SESSION_COOKIE}=${redeemed.sessionId}; ${FLAGS}`, `${NONCE_COOKIE}=; Max-Age=0; ${FLAGS}`],
  };
}

const stateOf = (nonce: string) => createHash("sha256").update(nonce).digest("base64url");

function readNonce(request: IncomingMessage): string | null {
  const { values } = splitCookies(request.headers.cookie, NONCE_COOKIE);
  const [nonce] = values;
  return nonce !== undefined && values.length === 1 && SECRET.test(nonce) ? nonce : null;
}

/** Traefik's word, which is the last one in the list. */
function clientIp(request: IncomingMessage): string {
  const forwarded = request.headers["x-forwarded-for"];
  const list = typeof forwarded === "string" ? forwarded : (forwarded ?? []).join(",");
  return (list.split(",").at(-1) ?? "").trim().slice(0, 45);
}
