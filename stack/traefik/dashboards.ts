/** Addresses of programs with pages of their own, as Traefik dials them; null = this installation has none. */
export type Dashboards = { grafana: string | null; jaeger: string | null };

type Options = {
  /** Traefik's rule for the panel's host. */
  host: string;
  dashboards: Dashboards;
  /** The ForwardAuth middleware's settings for an address query. */
  forwardAuth: (query: string) => object;
};

/** Only pages of the panel's own origin may frame them. */
const FRAMED = {
  customFrameOptionsValue: "SAMEORIGIN",
  contentTypeNosniff: true,
  referrerPolicy: "same-origin",
};
/** Grafana sends a policy with a nonce itself (docker/grafana/grafana.ini); Jaeger sends none. */
const JAEGER_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

/**
 * Grafana and Jaeger under the panel's host, for operators. Which upstream a token is for stands in the address of the
 * ForwardAuth middleware, out of the client's reach.
 */
export function dashboardRoutes({ host, dashboards, forwardAuth }: Options) {
  const routers: Record<string, object> = {};
  const middlewares: Record<string, object> = {};
  const services: Record<string, object> = {};
  const add = (
    name: "grafana" | "jaeger",
    url: string,
    options: { hidden: string; query: string; headers: object },
  ) => {
    const below = `(Path(\`/${name}\`) || PathPrefix(\`/${name}/\`))`;
    routers[name] = {
      entryPoints: ["websecure"],
      rule: `${host} && ${below} && !PathPrefix(\`/${name}/${options.hidden}\`)`,
      middlewares: [`forward-auth-${name}`, `${name}-headers`],
      service: name,
      tls: {},
    };
    middlewares[`forward-auth-${name}`] = { forwardAuth: forwardAuth(options.query) };
    middlewares[`${name}-headers`] = { headers: { ...FRAMED, ...options.headers } };
    services[name] = { loadBalancer: { servers: [{ url }] } };
  };
  const { grafana, jaeger } = dashboards;
  if (grafana !== null)
    add("grafana", grafana, { hidden: "metrics", query: "?audience=grafana", headers: {} });
  // Jaeger's assistant would talk to programs nobody asked for.
  if (jaeger !== null)
    add("jaeger", jaeger, {
      hidden: "api/ai",
      query: "",
      headers: { contentSecurityPolicy: JAEGER_POLICY },
    });
  return { routers, middlewares, services };
}
