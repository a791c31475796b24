import { type NextRequest, NextResponse } from "next/server";
import { unavailableResponse } from "#server/api/unavailable-page.ts";
import { findWebRuntime } from "#server/api/web-runtime.ts";

/**
 * Sets the page's Content-Security-Policy, and shows one page in words while Postgres is away, where every other
 * would wait for it. Who may see what is decided where data is read.
 * Next puts the nonce on its own scripts. Styles: React writes style attributes, which no nonce covers.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const nonce = btoa(crypto.randomUUID());
  const isDevelopment = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-src ${frameSources(request.headers.get("host"))}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join("; ");
  const headers = new Headers(request.headers);
  const requestId = crypto.randomUUID();
  headers.set("x-nonce", nonce);
  headers.set("x-request-id", requestId);
  headers.set("content-security-policy", policy);
  const isAway = (await findWebRuntime()?.isPostgresUp?.()) === false;
  // Not by a rewrite: behind 127.0.0.1 Next takes its own address for a foreign one.
  const response = isAway ? unavailableResponse(requestId) : NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-request-id", requestId);
  return response;
}

/** Grafana and Jaeger of this origin. A policy cannot name an IPv6 address: there any page of the origin will do. */
function frameSources(host: string | null): string {
  if (host === null || !/^[a-z0-9.-]+(:\d+)?$/i.test(host)) return "'self'";
  return `https://${host}/grafana/ https://${host}/jaeger/`;
}

export const config = {
  matcher: [{ source: "/((?!api/|sub/|_next/static|_next/image|favicon.ico).*)" }],
};
