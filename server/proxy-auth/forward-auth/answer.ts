import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseBasic } from "../http/credentials.ts";
import { allowHeaders, cookieHeaders } from "./allow-headers.ts";
import type { CheckedRequest } from "./checked-request.ts";
import type { Decision, Identity } from "./decide.ts";
import { type HandoffResult, startSignIn } from "./sign-in-handoff.ts";

type AnswerOptions = {
  request: IncomingMessage;
  response: ServerResponse;
  /** Null when the forwarded request could not be read. */
  checked: CheckedRequest | null;
  panelUrl: string;
  /** For the upstream behind this router, when it wants one. */
  jwt: string | null;
};

/** An API token of ours, as bearer or in Basic; anything else goes on to the site. */
const isOurs = (authorization: string) =>
  /^bearer[ \t]+cwy_/i.test(authorization) || parseBasic(authorization)?.password.startsWith("cwy_") === true;

const SENTENCES = {
  role: "That account does not open this page. Ask an operator if you need it, or sign in with another account.",
  inactive: "Your account is not active. Ask an operator.",
} as const;

/** Says a decision to Traefik, which passes anything but a 2xx on to the client. */
export function answerDecision(decision: Decision, options: AnswerOptions) {
  const { request, response, checked, panelUrl, jwt } = options;
  response.setHeader("Cache-Control", "no-store");
  switch (decision.kind) {
    case "allow":
      return allow(decision.identity, jwt, request, response);
    case "public":
      return letThrough(request, response);
    case "unauthenticated": {
      if (checked?.isBrowser) return sendToSignIn(decision.signIn, { ...options, checked });
      // A browser's own scripts get no Basic challenge: it would open the browser's password window.
      const isScript =
        request.headers["sec-fetch-mode"] !== undefined || request.headers["x-requested-with"] !== undefined;
      const challenge = isScript
        ? 'Bearer realm="Causeway"'
        : 'Basic realm="Causeway: name and API token", charset="UTF-8"';
      const detail = "Sign in at the panel, or send an API token with the scope forward-auth.";
      return problem(response, 401, "UNAUTHENTICATED", detail, { "WWW-Authenticate": challenge });
    }
    case "forbidden": {
      const detail = `You are signed in as ${decision.identity.name}. ${SENTENCES[decision.reason]}`;
      if (checked?.isBrowser)
        return send(response, 403, "text/html", page(response, "You cannot open this", detail, panelUrl));
      return problem(response, 403, "FORBIDDEN", detail);
    }
    case "throttled": {
      const wait = String(decision.retryAfterSeconds);
      const detail = `Too many wrong credentials for this name or from your address. Wait ${wait} s.`;
      return problem(response, 429, "RATE_LIMITED", detail, { "Retry-After": wait });
    }
    case "unavailable": {
      const detail = "Your sign-in cannot be checked just now. Try again in a few seconds.";
      if (checked?.isBrowser)
        return send(response, 503, "text/html", page(response, "One moment", detail, panelUrl), {
          "Retry-After": "2",
        });
      return problem(response, 503, "UNAVAILABLE", detail, { "Retry-After": "2" });
    }
  }
}

function allow(
  identity: Identity,
  jwt: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (jwt !== null) response.setHeader("Remote-Jwt", jwt);
  for (const [name, value] of allowHeaders(identity, request.headers.cookie)) response.setHeader(name, value);
  response.writeHead(200);
  response.end();
}

/** The site's own sign-in, if it has one, is none of our business here. */
function letThrough(request: IncomingMessage, response: ServerResponse): void {
  const { authorization } = request.headers;
  if (authorization !== undefined && !isOurs(authorization))
    response.setHeader("Authorization", authorization);
  for (const [name, value] of cookieHeaders(request.headers.cookie)) response.setHeader(name, value);
  response.writeHead(200, { "Content-Length": "0" });
  response.end();
}

function sendToSignIn(
  signIn: "panel" | "handoff" | "none",
  options: AnswerOptions & { checked: CheckedRequest },
) {
  const { request, response, checked, panelUrl } = options;
  if (signIn === "none") {
    const text = `No access rule names ${checked.hostname}, so nobody can sign in to it. An operator can add one under Access.`;
    return send(response, 403, "text/html", page(response, "This site is not set up", text, panelUrl));
  }
  if (signIn === "handoff") {
    // A cookie of a site without TLS would be anybody's.
    if (!checked.isHttps) return redirect(response, checked.url.replace(/^http:/, "https:"), "Use https.\n");
    const { location, cookie } = startSignIn(request, checked, panelUrl);
    return redirect(response, location, "Sign in first.\n", { "Set-Cookie": cookie });
  }
  const location = new URL("/login", panelUrl);
  location.searchParams.set("next", checked.url);
  redirect(response, location.href, "Sign in first.\n");
}

/** The end of a sign-in that was handed on. */
export function answerHandoff(result: HandoffResult, response: ServerResponse, panelUrl: string) {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Referrer-Policy", "no-referrer");
  if (result) return redirect(response, result.location, "Signed in.\n", { "Set-Cookie": result.cookies });
  const text =
    "It took too long, was used already, or was begun in another browser. Open the page you wanted once more.";
  send(response, 400, "text/html", page(response, "This sign-in did not finish", text, panelUrl));
}

function redirect(
  response: ServerResponse,
  location: string,
  text: string,
  headers: Record<string, string | string[]> = {},
): void {
  send(response, 302, "text/plain", text, { ...headers, Location: location });
}

export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
): void {
  const title =
    {
      400: "Bad request",
      401: "Sign in first",
      403: "Not allowed",
      404: "Not found",
      429: "Too many attempts",
      503: "Unavailable",
    }[status] ?? "Error";
  const body = { type: "about:blank", title, status, code, detail, requestId: requestIdOf(response) };
  send(response, status, "application/problem+json", `${JSON.stringify(body)}\n`, headers);
}

/** The same in header, page, log and trace of one answer. */
export function requestIdOf(response: ServerResponse): string {
  const known = response.getHeader("X-Request-Id");
  if (typeof known === "string") return known;
  const requestId = randomUUID();
  response.setHeader("X-Request-Id", requestId);
  return requestId;
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Record<string, string | string[]> = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...headers,
    "Content-Type": type === "application/problem+json" ? type : `${type}; charset=utf-8`,
    "Content-Length": String(body.length),
    "X-Content-Type-Options": "nosniff",
    Vary: "Cookie, Authorization, Accept",
    ...(type === "text/html"
      ? { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'" }
      : {}),
  });
  response.end(body);
}

function page(response: ServerResponse, title: string, text: string, panelUrl: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · Causeway</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.5rem}</style>
<h1>${title}</h1><p>${escapeHtml(text)}</p><p><a href="${escapeHtml(panelUrl)}">Go to the panel</a></p><p><small>Request id: ${requestIdOf(response)}</small></p></html>\n`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
