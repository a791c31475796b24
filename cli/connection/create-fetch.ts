import { rootCertificates } from "node:tls";
import { Agent, fetch } from "undici";
import type { ApiClientOptions } from "#lib/api-transport.ts";

const TIMEOUT_MS = 25_000;

/** fetch that trusts the system's CAs and this one, follows no redirect and keeps no connection open. */
export function createFetch(ca: string | null): NonNullable<ApiClientOptions["fetch"]> {
  const trust = ca === null || ca === "" ? {} : { ca: [...rootCertificates, ca] };
  const dispatcher = new Agent({ connect: { timeout: 5_000, ...trust }, keepAliveTimeout: 1 });
  return (url, { credentials: _, cache: __, signal, ...init }) => {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const ended = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    return fetch(url, { ...init, dispatcher, redirect: "error", signal: ended });
  };
}
