import type { PortName, Ports } from "#stack/settings.ts";

/** Where programs find each other. The generators take it, so that one code serves both ways to run. */
export type Addresses = {
  /** host:port of a listener as the other programs dial it. */
  of: (port: PortName) => string;
  /** What inner listeners bind: loopback here; in a container every address, since nobody publishes them. */
  innerHost: string;
  /** Whose X-Forwarded-* and PROXY headers are believed: Traefik alone. */
  traefik: string;
  /** A name may stand for several containers, each to be scraped. */
  areNames: boolean;
};

/** The compose service behind each port. */
const SERVICES: Record<PortName, string> = {
  http: "traefik",
  https: "traefik",
  httpProxy: "traefik",
  socksProxy: "traefik",
  dashboard: "traefik",
  reality: "traefik",
  traefikMetrics: "traefik",
  vpn: "node",
  vpnEdge: "node",
  agent: "node",
  agentHealth: "node",
  web: "web",
  webInternal: "web",
  controller: "controller",
  forwardAuth: "proxy-auth",
  forwardAuthTls: "proxy-auth",
  httpProxyListener: "proxy-auth",
  socksProxyListener: "proxy-auth",
  postgres: "postgres",
  redis: "redis",
  prometheus: "prometheus",
  jaegerOtlp: "jaeger",
  jaegerCollector: "jaeger",
  jaegerUi: "jaeger",
  probe: "traefik",
};

/** `npm run up`: everything on this machine's loopback. */
export const onLoopback = (ports: Ports): Addresses => ({
  of: (port) => `127.0.0.1:${ports[port]}`,
  innerHost: "127.0.0.1",
  traefik: "127.0.0.1",
  areNames: false,
});

/** Compose: every service by its name on the network of containers. */
export const inContainers = (ports: Ports, traefik: string): Addresses => ({
  of: (port) => `${SERVICES[port]}:${ports[port]}`,
  innerHost: "0.0.0.0",
  traefik,
  areNames: true,
});
