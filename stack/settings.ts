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
  "httpProxyListener",
  "socksProxyListener",
  "agent",
  "agentHealth",
  "postgres",
  "redis",
  "prometheus",
  "probe",
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Record<PortName, number>;

/** What an installation remembers between runs: .data/settings.json */
const settingsSchema = z.object({
  publicHost: z.string(),
  /** Whether somebody chose the host: an automatic one follows the machine's address. */
  isHostChosen: z.boolean(),
  ports: z.record(z.enum(PORT_NAMES), z.number().int()),
  /** Reality's server name: its own, made once, never the panel's. */
  realityServerName: z.string(),
  allowedPrivateTargets: z.array(z.string()),
  realityTarget: z.string().nullable(),
  /** An own Grafana and Jaeger, as Traefik dials them; shown at /grafana and /jaeger of the panel. */
  grafanaUrl: z.string().nullable().default(null),
  jaegerUrl: z.string().nullable().default(null),
  /** Whether what people visit is kept in the logs (LOG_DESTINATIONS=1). */
  keepsDestinations: z.boolean().default(false),
});
export type Settings = z.infer<typeof settingsSchema>;

const path = () => inData("settings.json");

export function readSettings(): Settings | null {
  const parsed = settingsSchema.safeParse(readJson(path()));
  return parsed.success ? parsed.data : null;
}

export function writeSettings(settings: Settings): void {
  writeAtomic(path(), `${JSON.stringify(settings, null, 2)}\n`);
}

export const makeRealityServerName = () => `www.${randomBytes(6).toString("hex")}.causeway.internal`;

/** Scheme and port as people type them. */
export function panelUrl(settings: Settings): string {
  const port = settings.ports.https === 443 ? "" : `:${settings.ports.https}`;
  return `https://${urlHost(settings.publicHost)}${port}`;
}

/** An IPv6 address stands in brackets before a port. */
export const urlHost = (host: string) => (host.includes(":") ? `[${host}]` : host);
export const publicAddress = (settings: Settings, port: PortName) =>
  `${urlHost(settings.publicHost)}:${settings.ports[port]}`;
