import { type ProgramEnv, readEnv } from "#server/env.ts";
import type { Addresses } from "#stack/addresses.ts";
import { inData, pkiPath, secretPath } from "#stack/paths.ts";
import { panelUrl, publicAddress, type Settings } from "#stack/settings.ts";

/** Where a program finds its files: in .data here, at the brief's paths in a container. */
export type Places = {
  secret: (name: string) => string;
  pki: (name: string) => string;
  /** A program's own directory. */
  state: (program: "proxy-auth" | "node") => string;
  logs: string;
  xrayBin: string;
};

export const placesHere = (xrayBin: string): Places => ({
  secret: secretPath,
  pki: pkiPath,
  state: (program) => inData(program),
  logs: inData("logs"),
  xrayBin,
});

/** The variables of server/env.ts, by program. */
export function programEnvironments(settings: Settings, addresses: Addresses, places: Places) {
  const { ports } = settings;
  const { secret, pki } = places;
  const common = { ...logEnvironment(settings, places), ...traceEnvironment(settings, addresses) };
  const doors = {
    ALLOWED_PRIVATE_TARGETS: allowedPrivateTargets(settings, addresses),
    OWN_PORTS: Object.values(ports).join(","),
  };
  return {
    web: { ...webEnvironment(settings, addresses, places), ...common },
    controller: {
      ...common,
      ...setHere(["CONNECTION_HISTORY_DAYS"]),
      CONTROLLER_HOST: addresses.innerHost,
      CONTROLLER_PORT: ports.controller,
      DATABASE_URL_FILE: secret("database-url"),
      REDIS_URL_FILE: secret("redis-url-controller"),
      MASTER_KEY_FILE: secret("master-key"),
      NODE_CA_FILE: pki("node-ca.crt"),
      NODE_CA_KEY_FILE: pki("node-ca.key"),
      CONTROLLER_CERT_FILE: pki("controller.crt"),
      CONTROLLER_KEY_FILE: pki("controller.key"),
      // The edge's own are Traefik's to tell, whoever issued them.
      CERTIFICATE_FILES: ["controller", "node-ca", "web-ca"].map((name) => `${name}=${pki(`${name}.crt`)}`),
    },
    "proxy-auth": {
      ...common,
      PROXY_AUTH_HOST: addresses.innerHost,
      FORWARD_AUTH_PORT: ports.forwardAuth,
      FORWARD_AUTH_TLS_PORT: ports.forwardAuthTls,
      FORWARD_AUTH_CERT_FILE: pki("proxy-auth.crt"),
      FORWARD_AUTH_KEY_FILE: pki("proxy-auth.key"),
      DOORS_DIRECT: settings.hasDirectDoors ? 1 : 0,
      HTTP_PROXY_LISTEN_PORT: settings.hasDirectDoors ? ports.httpProxy : ports.httpProxyListener,
      SOCKS_PROXY_LISTEN_PORT: settings.hasDirectDoors ? ports.socksProxy : ports.socksProxyListener,
      PANEL_URL: panelUrl(settings),
      WEB_INTERNAL_URL: `http://${addresses.of("webInternal")}`,
      INTERNAL_TOKEN_FILE: secret("proxy-auth-token"),
      REDIS_URL_FILE: secret("redis-url-proxy-auth"),
      TRUSTED_PROXIES: addresses.traefik,
      STATE_DIR: places.state("proxy-auth"),
      ...doors,
      ...doorSettings(settings, addresses),
    },
    "node-agent": {
      ...common,
      AGENT_HOST: addresses.innerHost,
      AGENT_PORT: ports.agent,
      AGENT_HEALTH_PORT: ports.agentHealth,
      EDGE_PUBLIC_PORT: ports.https,
      NODE_CA_FILE: pki("node-ca.crt"),
      AGENT_CERT_FILE: pki("agent.crt"),
      AGENT_KEY_FILE: pki("agent.key"),
      XRAY_BIN: places.xrayBin,
      STATE_DIR: places.state("node"),
      ...doors,
    },
  };
}

/** What may be dialled although it is private: the operator's list and our own probe. */
const allowedPrivateTargets = ({ allowedPrivateTargets, ports }: Settings, { areNames }: Addresses) =>
  [...allowedPrivateTargets, ...(areNames ? [] : [`127.0.0.1/32:${ports.probe}`])].join(",");

/** As the operator set them. An address is needed where clients do not know the proxy by one. */
function doorSettings({ publicHost }: Settings, { areNames }: Addresses) {
  const set = setHere([
    "PROXY_AUTH_WORKERS",
    "DOORS_MAX_TUNNELS",
    "DOORS_USER_MAX_TUNNELS",
    "DOORS_USER_TUNNELS_PER_SECOND",
    "DOORS_IP_MAX_TUNNELS",
    "DOORS_IP_TUNNELS_PER_SECOND",
    "DOORS_HANDSHAKE_SECONDS",
    "DOORS_HEADER_SECONDS",
    "DOORS_CONNECT_SECONDS",
    "DOORS_IDLE_SECONDS",
    "DOORS_LIFETIME_SECONDS",
  ]);
  const udp = { SOCKS_UDP_PORTS: socksUdpPorts(areNames), SOCKS_UDP_ADDRESS: publicHost };
  return { ...udp, ...set };
}

/** Published by containers only where it is asked for: replicas cannot share a range. */
export const socksUdpPorts = (areContainers: boolean): string =>
  readEnv("stack").SOCKS_UDP_PORTS ?? (areContainers ? "" : "10800-10899");

/** Those that the operator set; the rest keep the program's own default. */
function setHere(names: readonly (keyof ProgramEnv<"stack">)[]): Record<string, string> {
  const env = readEnv("stack");
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, `${env[name]}`]])),
  );
}

/** Files, with limits as the operator set them. */
function logEnvironment({ keepsDestinations }: Settings, { logs }: Places) {
  const { LOG_LEVEL, LOG_FILE_MB, LOG_TOTAL_MB, LOG_KEEP_DAYS } = readEnv("stack");
  const limits = Object.entries({ LOG_FILE_MB, LOG_TOTAL_MB, LOG_KEEP_DAYS });
  return {
    LOG_LEVEL,
    LOG_DIR: logs,
    LOG_DESTINATIONS: keepsDestinations ? 1 : 0,
    ...Object.fromEntries(limits.filter(([, value]) => value !== undefined)),
  };
}

/** The collector: the operator's own, else the Jaeger that runs beside; null = tracing is off. */
export const tracesTo = ({ otlpEndpoint, hasJaeger }: Settings, addresses: Addresses): string | null =>
  otlpEndpoint ?? (hasJaeger ? `http://${addresses.of("jaegerOtlp")}` : null);

/** An own Jaeger has pages at /jaeger of the panel's host, and with them its API below that path. */
const jaegerQueryUrl = ({ hasJaeger, jaegerUrl }: Settings, addresses: Addresses): string => {
  if (jaegerUrl !== null) return `${jaegerUrl.replace(/\/+$/, "")}/jaeger`;
  return hasJaeger ? `http://${addresses.of("jaegerUi")}` : "";
};

const traceEnvironment = (settings: Settings, addresses: Addresses) => ({
  OTLP_ENDPOINT: tracesTo(settings, addresses) ?? "",
  TRACE_SAMPLE_RATIO: settings.traceSampleRatio,
});

/** What web and provisioning share. */
export const identityEnvironment = (settings: Settings, { secret }: Pick<Places, "secret">) => ({
  PANEL_URL: panelUrl(settings),
  HTTP_PROXY_ADDRESS: publicAddress(settings, "httpProxy"),
  SOCKS_PROXY_ADDRESS: publicAddress(settings, "socksProxy"),
  DATABASE_URL_FILE: secret("database-url"),
  REDIS_URL_FILE: secret("redis-url-web"),
  MASTER_KEY_FILE: secret("master-key"),
});

function webEnvironment(settings: Settings, addresses: Addresses, places: Places) {
  const { ports } = settings;
  const health = {
    traefik: `http://${addresses.of("traefikMetrics")}/ping`,
    controller: `http://${addresses.of("controller")}/readyz`,
    "proxy-auth": `http://${addresses.of("forwardAuth")}/readyz`,
    "node-agent": `http://${addresses.of("agentHealth")}/readyz`,
    prometheus: `http://${addresses.of("prometheus")}/-/healthy`,
  };
  return {
    ...identityEnvironment(settings, places),
    WEB_PORT: ports.web,
    HTTP_PROXY_TLS: settings.hasDirectDoors ? 0 : 1,
    WEB_INTERNAL_HOST: addresses.innerHost,
    WEB_INTERNAL_PORT: ports.webInternal,
    NEXTAUTH_SECRET_FILE: places.secret("nextauth-secret"),
    WEB_CA_FILE: places.pki("web-ca.crt"),
    PROXY_AUTH_TOKEN_FILE: places.secret("proxy-auth-token"),
    TRUSTED_PROXIES: addresses.traefik,
    PROMETHEUS_URL: `http://${addresses.of("prometheus")}`,
    GRAFANA_URL: settings.grafanaUrl ?? "",
    JAEGER_QUERY_URL: jaegerQueryUrl(settings, addresses),
    PROGRAM_HEALTH: Object.entries(health).map(([name, url]) => `${name}=${url}`),
    NEXT_TELEMETRY_DISABLED: 1,
  };
}
