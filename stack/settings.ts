import { randomBytes } from "node:crypto";
import { z } from "zod";
import { readJson, writeAtomic } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";

export const PORT_NAMES = [
  "http",
  "https",
  "httpProxy",
  "socksProxy",
  "dashboard",
  "vpn",
  "vpnEdge",
  "reality",
  "traefikMetrics",
  "web",
  "webInternal",
  "controller",
  "forwardAuth",
  "forwardAuthTls",
  "httpProxyListener",
  "socksProxyListener",
  "agent",
  "agentHealth",
  "postgres",
  "redis",
  "prometheus",
  "jaegerOtlp",
  "jaegerCollector",
  "jaegerUi",
  "probe",
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Record<PortName, number>;

/** What an installation remembers between runs: .data/settings.json */
const settingsSchema = z.object({
  publicHost: z.string(),
  /** Whether somebody chose the host: an automatic one follows the machine's address. */
  isHostChosen: z.boolean(),
  /** Of an older version some are missing: they are chosen at the next start. */
  ports: z.partialRecord(z.enum(PORT_NAMES), z.number().int()),
  /** Reality's server name: its own, made once, never the panel's. */
  realityServerName: z.string(),
  allowedPrivateTargets: z.array(z.string()),
  realityTarget: z.string().nullable(),
  /** Whether Jaeger runs beside the programs (`npm run up -- --with jaeger`). */
  hasJaeger: z.boolean().default(false),
  /** Another collector of traces (OTLP_ENDPOINT), and how many of them are kept. */
  otlpEndpoint: z.string().nullable().default(null),
  traceSampleRatio: z.number().default(1),
  /** An own Grafana and Jaeger, as Traefik dials them; shown at /grafana and /jaeger of the panel. */
  grafanaUrl: z.string().nullable().default(null),
  jaegerUrl: z.string().nullable().default(null),
  /** Whether what people visit is kept in the logs (LOG_DESTINATIONS=1). */
  keepsDestinations: z.boolean().default(false),
  /** Whether proxy-auth listens on the proxies' public ports itself (DOORS_DIRECT=1), without Traefik in front. */
  hasDirectDoors: z.boolean().default(false),
});
export type StoredSettings = z.infer<typeof settingsSchema>;
export type Settings = Omit<StoredSettings, "ports"> & { ports: Ports };

const path = () => inData("settings.json");

export function readSettings(): StoredSettings | null {
  const parsed = settingsSchema.safeParse(readJson(path()));
  return parsed.success ? parsed.data : null;
}

export function writeSettings(settings: Settings): void {
  writeAtomic(path(), `${JSON.stringify(settings, null, 2)}\n`);
}

export const makeRealityServerName = () => `www.${randomBytes(6).toString("hex")}.causeway.internal`;

/** Null too when they are of an older version, which knew fewer ports. */
export function readCompleteSettings(): Settings | null {
  const settings = readSettings();
  return settings !== null && hasEveryPort(settings) ? settings : null;
}

export const hasEveryPort = (settings: StoredSettings): settings is Settings =>
  PORT_NAMES.every((name) => settings.ports[name] !== undefined);

/** Scheme and port as people type them. */
export function panelUrl(settings: Settings): string {
  const port = settings.ports.https === 443 ? "" : `:${settings.ports.https}`;
  return `https://${urlHost(settings.publicHost)}${port}`;
}

/** An IPv6 address stands in brackets before a port. */
export const urlHost = (host: string) => (host.includes(":") ? `[${host}]` : host);
export const publicAddress = (settings: Settings, port: PortName) =>
  `${urlHost(settings.publicHost)}:${settings.ports[port]}`;
