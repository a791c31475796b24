import type { Addresses } from "#stack/addresses.ts";
import type { PortName } from "#stack/settings.ts";
import { type Dashboards, dashboardRoutes } from "#stack/traefik/dashboards.ts";

export type TraefikRoutes = {
  /** proxy-auth listens on the proxies' public ports itself. */
  hasDirectDoors?: boolean;
  publicHost: string;
  realityServerName: string;
  addresses: Addresses;
  dashboards: Dashboards;
  certificate: (name: "web" | "reality") => { certFile: string; keyFile: string };
  /** What signs proxy-auth's certificate. */
  forwardAuthCa: string;
};

/**
 * What ForwardAuth sets or removes before an upstream: identity headers from outside never pass, and our own
 * session cookie and bearer tokens stay here (a listed header the 2xx leaves out is removed).
 */
const FORWARD_AUTH_HEADERS = [
  "Remote-User",
  "Remote-Name",
  "Remote-Email",
  "Remote-Groups",
  "Remote-Jwt",
  "Cookie",
  "Authorization",
];
/** Other names under which programs believe an identity header: no upstream gets a client's, whatever it reads. */
const FOREIGN_IDENTITY_HEADERS =
  "^(?i)(Remote-|X-Remote-|X-Webauth-|X-Auth-Request-|X-Authentik-|X-Jwt-|X-Forwarded-(User|Email|Groups|Preferred-Username|Access-Token)$)";

/** Paths that carry a secret, however they are written, and any with a word as long as our tokens: never written down. */
const SECRET_PATHS = "PathRegexp(`(?i)/(sub|invites?)/`) || PathRegexp(`[A-Za-z0-9_-]{40,}`)";
const UNSEEN = { accessLogs: false, tracing: false };
const SEEN = { accessLogs: true, tracing: true };

/** ForwardAuth's middleware. `query` is the router's word to proxy-auth; with a CA it is asked over TLS and HTTP/2. */
export const forwardAuthMiddleware = (address: string, query = "", ca: string | null = null) => ({
  address: `${ca === null ? "http" : "https"}://${address}/forward-auth${query}`,
  ...(ca !== null && { tls: { ca } }),
  trustForwardHeader: false,
  preserveLocationHeader: true,
  // Traefik makes room for all of it at each question (1 MiB: 0.5 ms of its time); our longest page has 3 KiB.
  maxResponseBodySize: 16_384,
  authResponseHeaders: FORWARD_AUTH_HEADERS,
  authResponseHeadersRegex: FOREIGN_IDENTITY_HEADERS,
});

/**
 * Routers, middlewares, services and certificates. Where names stand for several containers, the services with
 * replicas are left out: the edge helper writes them with addresses (replicatedServices).
 */
export function traefikDynamic(routes: TraefikRoutes) {
  return { http: httpRoutes(routes), tcp: tcpRoutes(routes), tls: tlsOptions(routes) };
}

/** Web and the doors. Replicas are asked whether they live (the edge helper leaves a single one unasked). */
export function replicatedServices(addresses: Addresses) {
  const check = { interval: "1s", timeout: "3s" };
  const portOf = (name: PortName) => Number(addresses.of(name).replace(/.*:/, ""));
  const http = { healthCheck: { ...check, path: "/healthz", port: portOf("webInternal") } };
  // One that leaves goes on answering ForwardAuth: its word counts, not its open port.
  const send = "GET /healthz HTTP/1.1\r\nHost: proxy-auth\r\nConnection: close\r\n\r\n";
  const tcp = { healthCheck: { ...check, port: portOf("forwardAuth"), send, expect: "HTTP/1.1 200" } };
  const { areNames } = addresses;
  const door = (name: PortName) => ({
    loadBalancer: {
      serversTransport: "proxy-protocol",
      ...(areNames && tcp),
      servers: [{ address: addresses.of(name) }],
    },
  });
  const servers = [{ url: `http://${addresses.of("web")}` }];
  return {
    http: { services: { web: { loadBalancer: { ...(areNames && http), servers } } } },
    tcp: { services: { "http-proxy": door("httpProxyListener"), "socks-proxy": door("socksProxyListener") } },
  };
}

function httpRoutes({ publicHost, realityServerName, addresses, dashboards, forwardAuthCa }: TraefikRoutes) {
  const host = `Host(\`${publicHost}\`)`;
  const forwardAuth = (query?: string) =>
    forwardAuthMiddleware(addresses.of("forwardAuthTls"), query, forwardAuthCa);
  const pages = dashboardRoutes({
    host,
    dashboards,
    forwardAuth,
  });
  const secret = { entryPoints: ["websecure"], service: "web", observability: UNSEEN, tls: {} };
  return {
    routers: {
      ...seen(pages.routers),
      panel: { entryPoints: ["websecure"], rule: host, service: "web", observability: SEEN, tls: {} },
      // The panel's own scripts and fonts, thirty a visit: nobody would look for them in a log.
      "panel-files": { ...secret, rule: `${host} && PathPrefix(\`/_next/static/\`)` },
      "panel-secret-paths": { ...secret, rule: `${host} && (${SECRET_PATHS})` },
      // Opened by another name of this machine, the path is as secret; a site of that name goes before.
      "secret-paths-elsewhere": { ...secret, rule: SECRET_PATHS, priority: 1 },
      dashboard: {
        observability: SEEN,
        entryPoints: ["dashboard"],
        rule: `${host} && (PathPrefix(\`/api\`) || PathPrefix(\`/dashboard\`))`,
        middlewares: ["forward-auth"],
        service: "api@internal",
        tls: {},
      },
      // A secret address typed with the dashboard's port.
      "dashboard-secret-paths": {
        ...secret,
        entryPoints: ["dashboard"],
        rule: `${host} && (${SECRET_PATHS})`,
        priority: 2_000,
        middlewares: ["forward-auth"],
        service: "noop@internal",
      },
      "dashboard-start": {
        observability: SEEN,
        entryPoints: ["dashboard"],
        rule: `${host} && (Path(\`/\`) || Path(\`/dashboard\`))`,
        priority: 1_000,
        middlewares: ["forward-auth", "dashboard-slash"],
        service: "noop@internal",
        tls: {},
      },
      // Reality borrows this handshake; whoever looks closer finds an empty site.
      reality: {
        entryPoints: ["reality"],
        rule: `Host(\`${realityServerName}\`) && Path(\`/.causeway-nothing\`)`,
        service: "noop@internal",
        tls: {},
      },
    },
    middlewares: {
      ...pages.middlewares,
      "no-request-id": { headers: { customRequestHeaders: { "X-Request-Id": "" } } },
      "forward-auth": { forwardAuth: forwardAuth() },
      "dashboard-slash": {
        redirectRegex: { regex: "^(https://[^/]+)/(?:dashboard)?$", replacement: `\${1}/dashboard/` },
      },
    },
    services: {
      ...pages.services,
      ...(addresses.areNames ? {} : replicatedServices(addresses).http.services),
    },
  };
}

/** Entry points write nothing down by themselves (static.ts): a router says so. */
const seen = (routers: Record<string, object>) =>
  Object.fromEntries(
    Object.entries(routers).map(([name, router]) => [name, { observability: SEEN, ...router }]),
  );

/** The transport is named so that a half-closed download goes on; never negative, or dead clients pile up. */
function tcpRoutes({ realityServerName, addresses, hasDirectDoors = false }: TraefikRoutes) {
  const everyName = "HostSNI(`*`)";
  return {
    serversTransports: { "proxy-protocol": { proxyProtocol: { version: 2 }, terminationDelay: "1h" } },
    routers: {
      ...(!hasDirectDoors && {
        "http-proxy": { entryPoints: ["httpproxy"], rule: everyName, service: "http-proxy" },
        "http-proxy-tls": {
          entryPoints: ["httpproxy"],
          rule: everyName,
          service: "http-proxy",
          tls: { options: "proxy" },
        },
        "socks-proxy": { entryPoints: ["socksproxy"], rule: everyName, service: "socks-proxy" },
      }),
      "vpn-edge": {
        entryPoints: ["websecure"],
        rule: `HostSNI(\`${realityServerName}\`)`,
        service: "vpn-edge",
        tls: { passthrough: true },
      },
    },
    services: {
      ...(addresses.areNames || hasDirectDoors ? {} : replicatedServices(addresses).tcp.services),
      "vpn-edge": {
        loadBalancer: {
          serversTransport: "proxy-protocol",
          servers: [{ address: addresses.of("vpnEdge") }],
        },
      },
    },
  };
}

function tlsOptions({ certificate }: TraefikRoutes) {
  const minVersion = "VersionTLS12";
  return {
    // The proxies speak HTTP/1.1 inside TLS: a browser that is offered h2 would talk past them.
    options: { default: { minVersion }, proxy: { minVersion, alpnProtocols: ["http/1.1"] } },
    stores: { default: { defaultCertificate: certificate("web") } },
    certificates: [certificate("web"), certificate("reality")],
  };
}
