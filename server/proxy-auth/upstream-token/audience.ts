const AUDIENCE = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * The upstream that wants a token: `?audience=grafana` of the address in Traefik's configuration, never anything of the
 * client's request (its own address comes in X-Forwarded-Uri). Null: none. Undefined: the configuration is wrong.
 */
export function readAudience(requestUrl: string): string | null | undefined {
  const question = requestUrl.indexOf("?");
  if (question === -1) return null;
  const query = new URLSearchParams(requestUrl.slice(question + 1));
  const [audience, ...others] = query.getAll("audience");
  if (audience === undefined) return query.size === 0 ? null : undefined;
  return others.length === 0 && query.size === 1 && AUDIENCE.test(audience) ? audience : undefined;
}
