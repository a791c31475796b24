import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { SESSION_COOKIE } from "#server/session-store.ts";
import type { CheckedRequest } from "./checked-request.ts";
import { splitCookies } from "./cookie-header.ts";
import type { Decision, Identity } from "./decide.ts";

type AnswerOptions = {
  request: IncomingMessage;
  response: ServerResponse;
  /** Null when the forwarded request could not be read. */
  checked: CheckedRequest | null;
  panelUrl: string;
  /** For the upstream behind this router, when it wants one. */
  jwt: string | null;
};

const SENTENCES = {
  role: "Your role does not open this page. Ask an operator if you need it.",
  inactive: "Your account is not active. Ask an operator.",
} as const;

/** Says a decision to Traefik, which passes anything but a 2xx on to the client. */
export function answerDecision(decision: Decision, options: AnswerOptions) {
  const { request, response, checked, panelUrl, jwt } = options;
  response.setHeader("Cache-Control", "no-store");
  switch (decision.kind) {
    case "allow":
      return allow(decision.identity, jwt, request, response);
    case "unauthenticated": {
      if (checked?.isBrowser) {
        const location = new URL("/login", panelUrl);
        location.searchParams.set("next", checked.url);
        return send(response, 302, "text/plain", "Sign in first.\n", { Location: location.href });
      }
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
        return send(response, 403, "text/html", page("You cannot open this", detail, panelUrl));
      return problem(response, 403, "FORBIDDEN", detail);
    }
    case "unavailable": {
      const detail = "Your sign-in cannot be checked just now. Try again in a few seconds.";
      if (checked?.isBrowser)
        return send(response, 503, "text/html", page("One moment", detail, panelUrl), { "Retry-After": "2" });
      return problem(response, 503, "UNAVAILABLE", detail, { "Retry-After": "2" });
    }
  }
}

/** Traefik replaces the client's copies of these headers, and removes the ones that are listed but not sent here. */
function allow(
  { name, email, role }: Identity,
  jwt: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { rest } = splitCookies(request.headers.cookie, SESSION_COOKIE);
  response.setHeader("Remote-User", name);
  response.setHeader("Remote-Name", name);
  if (email && /^[\x21-\x7e]+$/.test(email)) response.setHeader("Remote-Email", email);
  response.setHeader("Remote-Groups", role);
  if (jwt !== null) response.setHeader("Remote-Jwt", jwt);
  if (rest !== null) response.setHeader("Cookie", rest);
  response.writeHead(200, { "Content-Length": "0" });
  response.end();
}

export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
): void {
  const title =
    { 400: "Bad request", 401: "Sign in first", 403: "Not allowed", 404: "Not found", 503: "Unavailable" }[
      status
    ] ?? "Error";
  const body = { type: "about:blank", title, status, code, detail, requestId: randomUUID() };
  send(response, status, "application/problem+json", `${JSON.stringify(body)}\n`, headers);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...headers,
    "Content-Type": type === "application/problem+json" ? type : `${type}; charset=utf-8`,
    "Content-Length": String(body.length),
    "X-Content-Type-Options": "nosniff",
    ...(type === "text/html"
      ? { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'" }
      : {}),
  });
  response.end(body);
}

function page(title: string, text: string, panelUrl: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · Causeway</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.5rem}</style>
<h1>${title}</h1><p>${escapeHtml(text)}</p><p><a href="${escapeHtml(panelUrl)}">Go to the panel</a></p></html>\n`;
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
