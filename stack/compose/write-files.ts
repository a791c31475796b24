import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { stringify } from "yaml";
import { type Addresses, inContainers } from "#stack/addresses.ts";
import {
  addressPlan,
  type ComposeSettings,
  PUBLISHED,
  readComposeSettings,
} from "#stack/compose/compose-settings.ts";
import { HOME, inHome, placesInContainers } from "#stack/compose/places.ts";
import { programEnvironments, socksUdpPorts, tracesTo } from "#stack/environments.ts";
import { sha256, writeAtomic, writeIfChanged } from "#stack/files.ts";
import { jaegerConfig } from "#stack/jaeger.ts";
import { inData, pkiPath } from "#stack/paths.ts";
import { stackFacts } from "#stack/programs.ts";
import { prometheusConfig, prometheusRules, prometheusTargets } from "#stack/prometheus.ts";
import { redisAcl, redisConfig } from "#stack/redis.ts";
import { panelUrl, type Settings } from "#stack/settings.ts";
import { replicatedServices, traefikDynamic } from "#stack/traefik/dynamic.ts";
import { traefikStatic } from "#stack/traefik/static.ts";

/** Programs read these; nothing in them is secret. */
const READABLE = 0o644;

export const addressesOf = (settings: Settings, compose: ComposeSettings) =>
  inContainers(settings.ports, addressPlan(compose).traefik);

/** Every file that the containers mount, from the same generators as the embedded run. */
export function writeFiles(settings: Settings, compose: ComposeSettings): void {
  const addresses = addressesOf(settings, compose);
  writeTraefik(settings, compose, addresses);
  writeIfChanged(inData("redis", "users.acl"), redisAcl());
  const redis = {
    bind: "0.0.0.0",
    port: settings.ports.redis,
    directory: "/data",
    aclFile: "/etc/redis/users.acl",
  };
  writeIfChanged(inData("redis", "redis.conf"), redisConfig(redis), READABLE);
  const rules = prometheusRules();
  for (const [name, text] of Object.entries(rules))
    writeIfChanged(inData("prometheus", name), text, READABLE);
  writeIfChanged(
    inData("prometheus", "prometheus.yml"),
    prometheusConfig({
      targets: prometheusTargets(addresses),
      areNames: true,
      ruleFiles: Object.keys(rules).map((name) => `/etc/prometheus/${name}`),
    }),
    READABLE,
  );
  const jaeger = jaegerConfig(settings.ports, addresses, { basePath: "/jaeger", directory: "/badger" });
  writeIfChanged(inData("jaeger", "jaeger.yml"), stringify(jaeger), READABLE);
  writeEnvironments(settings, compose, addresses);
  const facts = { ...stackFacts(settings), pids: {} };
  writeAtomic(inData("stack.json"), `${JSON.stringify(facts, null, 2)}\n`);
}

function writeTraefik(settings: Settings, compose: ComposeSettings, addresses: Addresses): void {
  mkdirSync(inData("traefik", "dynamic"), { recursive: true });
  const { certificate } = compose;
  const paths = {
    dynamicDirectory: "/etc/traefik/dynamic",
    accessLog: "/var/log/vpn/traefik-access.log",
    log: "/var/log/vpn/traefik.log",
  };
  const endpoint = tracesTo(settings, addresses);
  const tracing = endpoint === null ? null : { endpoint, sampleRatio: settings.traceSampleRatio };
  const fixed = {
    ...traefikStatic(settings.ports, addresses, paths, tracing),
    ...(certificate.kind === "acme" && {
      certificatesResolvers: { acme: { acme: acmeResolver(certificate) } },
    }),
  };
  writeIfChanged(inData("traefik", "static.yml"), stringify(fixed), READABLE);
  const web = certificate.kind === "own" ? "own" : "web";
  const fileOf = { web, reality: "reality" };
  const dynamic = traefikDynamic({
    publicHost: settings.publicHost,
    realityServerName: settings.realityServerName,
    addresses,
    dashboards: { grafana: settings.grafanaUrl, jaeger: settings.jaegerUrl },
    certificate: (name) => ({
      certFile: `/etc/traefik/certs/${fileOf[name]}.crt`,
      keyFile: `/etc/traefik/certs/${fileOf[name]}.key`,
    }),
    forwardAuthCa: "/etc/traefik/certs/proxy-auth-ca.crt",
  });
  if (certificate.kind === "acme") askForPublicCertificates(dynamic.http.routers);
  const print = sha256(
    [web, "reality", "proxy-auth-ca"].map((name) => readFileSync(inHome("certs", `${name}.crt`))).join(""),
  );
  const text = `# certificates ${print}\n${stringify(dynamic)}`;
  writeIfChanged(inData("traefik", "dynamic", "stack.yml"), text, READABLE);
  const services = replicatedServices(addresses);
  const toText = (keep: (key: string) => boolean) =>
    `${JSON.stringify(services, (key, value) => (keep(key) ? value : undefined), 2)}\n`;
  writeIfChanged(
    inData("edge", "services.json"),
    toText(() => true),
    READABLE,
  );
  // Until the edge helper has looked for itself, names do, unasked for their health.
  const replicas = inData("traefik", "dynamic", "replicas.yml");
  if (!existsSync(replicas))
    writeIfChanged(
      replicas,
      toText((key) => key !== "healthCheck"),
      READABLE,
    );
}

const acmeResolver = ({
  email,
  challenge,
  server,
}: Extract<ComposeSettings["certificate"], { kind: "acme" }>) => ({
  email,
  storage: "/etc/traefik/acme/acme.json",
  ...(server !== null && { caServer: server }),
  ...(challenge === "http" ? { httpChallenge: { entryPoint: "web" } } : { tlsChallenge: {} }),
});

/** The panel's routers ask for a public certificate; Reality's own site keeps its own. */
function askForPublicCertificates(routers: Record<string, object>): void {
  for (const router of Object.values(routers) as { entryPoints?: string[]; tls?: object }[])
    if (router.tls && !router.entryPoints?.includes("reality")) router.tls = { certResolver: "acme" };
}

/** Variables of server/env.ts by container, read by compose (env_file). */
function writeEnvironments(settings: Settings, compose: ComposeSettings, addresses: Addresses): void {
  const environments = programEnvironments(settings, addresses, placesInContainers);
  const { web } = environments;
  const common = { LOG_PER_HOST: 1, LOG_STDOUT: 1 };
  const edge = { EDGE_SOCKET: "/run/edge/edge.sock", EDGE_PUBLIC_PORT: settings.ports.https };
  const hasPublicCa = compose.certificate.kind !== "self-signed";
  const files: Record<string, Record<string, unknown>> = {
    web: {
      ...web,
      ...(hasPublicCa ? { WEB_CA_FILE: undefined } : {}),
      ...(settings.hasJaeger ? { JAEGER_QUERY_URL: `http://${addresses.of("jaegerUi")}/jaeger` } : {}),
    },
    controller: { ...environments.controller, LOG_KEEPER: 1 },
    // STATE_DIR is the replica's own: docker/claim-slot.sh
    "proxy-auth": { ...environments["proxy-auth"], STATE_DIR: undefined, DRAIN_SECONDS: 20 },
    node: { ...environments["node-agent"], ...edge, EDGE_TRAEFIK: addresses.of("traefikMetrics") },
    edge: {
      ...edge,
      LOG_DIR: placesInContainers.logs,
      EDGE_SERVICES_FILE: "/run/edge/services.json",
      EDGE_ROUTES_FILE: "/etc/traefik/dynamic/replicas.yml",
    },
  };
  for (const [name, variables] of Object.entries(files)) {
    const lines = Object.entries({ ...common, ...variables })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}=${String(value)}`);
    writeIfChanged(inData("env", `${name}.env`), `${lines.join("\n")}\n`, READABLE);
  }
}

/** What docker-compose.yml itself asks for: the checkout's `.env`. */
export function composeEnvironment(settings: Settings): string {
  const compose = readComposeSettings();
  if (compose === null) throw new Error("compose.json is written first.");
  const plan = addressPlan(compose);
  const udp = socksUdpPorts(true);
  const added = [
    ...(udp === "" ? [] : ["docker/socks-udp.yml"]),
    ...(settings.hasDirectDoors ? ["docker/doors-direct.yml"] : []),
  ];
  const ports = PUBLISHED.map(
    (name) => `CAUSEWAY_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}_PORT=${settings.ports[name]}`,
  );
  return `${[
    "# Written by `vpn init`; run it again to change something.",
    `CAUSEWAY_HOME=${HOME}`,
    `CAUSEWAY_SUBNET=${compose.subnet}`,
    `CAUSEWAY_TRAEFIK=${plan.traefik}`,
    `CAUSEWAY_IP_RANGE=${plan.range}`,
    `COMPOSE_PROFILES=${compose.hasMonitoring ? "monitoring" : ""}`,
    `CAUSEWAY_PANEL_URL=${panelUrl(settings)}`,
    `CAUSEWAY_HOST_NAME=${isIP(settings.publicHost) === 0 ? settings.publicHost : "panel.invalid"}`,
    ...(compose.certificate.kind === "self-signed" ? [] : ["CAUSEWAY_JWKS_CA="]),
    ...ports,
    ...(added.length === 0 ? [] : [`COMPOSE_FILE=${["docker-compose.yml", ...added].join(":")}`]),
    ...(udp === "" ? [] : [`CAUSEWAY_SOCKS_UDP=${udp}:${udp}/udp`]),
  ].join("\n")}\n`;
}

/** The keys of the edge where Traefik mounts them; CAs stay in config/pki. */
export function writeCertificates(): void {
  for (const file of ["web.crt", "web.key", "reality.crt", "reality.key", "proxy-auth-ca.crt"])
    writeIfChanged(
      inHome("certs", file),
      readFileSync(pkiPath(file), "utf8"),
      file.endsWith(".key") ? 0o640 : READABLE,
    );
}
