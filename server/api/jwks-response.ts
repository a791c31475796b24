import { JWKS_MAX_AGE_SECONDS, type Jwks } from "#lib/schemas/jwks.ts";
import { listJwtKeys } from "#server/jwt-keys/list-jwt-keys.ts";
import type { WebRuntime } from "./web-runtime.ts";

/** Anyone may ask: Postgres is asked once in this time, whoever comes. */
const MEMORY_MS = 1_000;

type Memory = { at: number; jwks: Promise<Jwks> };
const memories = new WeakMap<WebRuntime, Memory>();

/** The key set with cache headers. Grafana keeps it for max-age, and looks for no unknown key before that ends. */
export async function jwksResponse(runtime: WebRuntime): Promise<Response> {
  const now = runtime.clock.now();
  let memory = memories.get(runtime);
  if (!memory || now - memory.at >= MEMORY_MS) {
    memory = { at: now, jwks: listJwtKeys({ now }) };
    memories.set(runtime, memory);
    memory.jwks.catch(() => memories.delete(runtime));
  }
  // The second in memory counts: a reader never holds a set older than max-age.
  const maxAge = JWKS_MAX_AGE_SECONDS - MEMORY_MS / 1_000;
  const headers = { "cache-control": `public, max-age=${maxAge}`, "access-control-allow-origin": "*" };
  return Response.json(await memory.jwks, { headers });
}
