import ipaddr from "ipaddr.js";
import { z } from "zod";
import { readEnv } from "#server/env.ts";
import { readJson, writeAtomic } from "#stack/files.ts";
import { inData } from "#stack/paths.ts";
import { usualPorts } from "#stack/ports.ts";
import { defaultHost } from "#stack/public-host.ts";
import { makeRealityServerName, readSettings, type Settings } from "#stack/settings.ts";
import { StackError } from "#stack/stack-error.ts";

/** What only containers need to know: config/compose.json */
const composeSettingsSchema = z.object({
  /** The network of the containers. */
  subnet: z.cidrv4(),
  certificate: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("self-signed") }),
    /** certs/own.crt and own.key */
    z.object({ kind: z.literal("own") }),
    z.object({
      kind: z.literal("acme"),
      email: z.email(),
      challenge: z.enum(["http", "tls"]),
      /** null is Let's Encrypt. */
      server: z.url().nullable(),
    }),
  ]),
  hasMonitoring: z.boolean(),
});
export type ComposeSettings = z.infer<typeof composeSettingsSchema>;

/** `vpn init`'s flags; undefined = as last time. */
export type InitFlags = {
  host?: string | undefined;
  subnet?: string | undefined;
  "own-certificate"?: boolean | undefined;
  "self-signed"?: boolean | undefined;
  "acme-email"?: string | undefined;
  "acme-challenge"?: string | undefined;
  "acme-server"?: string | undefined;
  monitoring?: boolean | undefined;
  port?: string[] | undefined;
};

const path = () => inData("compose.json");
const DEFAULT_SUBNET = "172.30.80.0/24";
export const PUBLISHED = ["http", "https", "httpProxy", "socksProxy", "dashboard", "vpn"] as const;

export function readComposeSettings(): ComposeSettings | null {
  const parsed = composeSettingsSchema.safeParse(readJson(path()));
  return parsed.success ? parsed.data : null;
}

export const writeComposeSettings = (settings: ComposeSettings) =>
  writeAtomic(path(), `${JSON.stringify(settings, null, 2)}\n`);

export function chooseComposeSettings(flags: InitFlags): ComposeSettings {
  const old = readComposeSettings();
  const wanted = {
    subnet: flags.subnet ?? old?.subnet ?? DEFAULT_SUBNET,
    certificate: chooseCertificate(flags) ?? old?.certificate ?? { kind: "self-signed" },
    hasMonitoring: flags.monitoring ?? old?.hasMonitoring ?? true,
  };
  const parsed = composeSettingsSchema.safeParse(wanted);
  if (parsed.success) {
    // Throws for a network that has no room, before anything is written.
    addressPlan(parsed.data);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new StackError(`Wrong setting ${issue?.path.join(".")}: ${issue?.message}. See: vpn init --help`);
}

function chooseCertificate(flags: InitFlags) {
  if (flags["own-certificate"]) return { kind: "own" };
  if (flags["self-signed"]) return { kind: "self-signed" };
  if (flags["acme-email"] === undefined) return null;
  const challenge = flags["acme-challenge"] ?? "http";
  return { kind: "acme", email: flags["acme-email"], challenge, server: flags["acme-server"] ?? null };
}

/** The same settings as of the embedded run; in containers only published ports can differ from the brief's. */
export function chooseContainerSettings(flags: InitFlags, { hasMonitoring }: ComposeSettings): Settings {
  const old = readSettings();
  const env = readEnv("stack");
  const isHostChosen = flags.host !== undefined || (old?.isHostChosen ?? false);
  const remembered = Object.fromEntries(
    PUBLISHED.map((name) => [name, old?.ports[name] ?? usualPorts()[name]]),
  );
  return {
    publicHost: flags.host ?? (isHostChosen && old ? old.publicHost : defaultHost()),
    isHostChosen,
    realityServerName: old?.realityServerName ?? makeRealityServerName(),
    allowedPrivateTargets: env.ALLOWED_PRIVATE_TARGETS,
    realityTarget: env.REALITY_TARGET ?? null,
    hasJaeger: hasMonitoring,
    otlpEndpoint: env.OTLP_ENDPOINT || null,
    traceSampleRatio: env.TRACE_SAMPLE_RATIO,
    grafanaUrl: hasMonitoring ? "http://grafana:3000" : env.GRAFANA_URL || null,
    jaegerUrl: hasMonitoring ? "http://jaeger:16686" : env.JAEGER_URL || null,
    keepsDestinations: env.LOG_DESTINATIONS === "1",
    hasDirectDoors: env.DOORS_DIRECT === "1",
    ports: { ...usualPorts(), ...remembered, ...parsePorts(flags.port ?? []) },
  };
}

/** `https=8443`, also `http-proxy=3128`. */
function parsePorts(texts: string[]): Record<string, number> {
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.fromEntries(
    texts.map((text) => {
      const [name = "", number = ""] = text.split("=");
      const port = PUBLISHED.find((known) => kebab(known) === name || known === name);
      if (port === undefined || !/^\d+$/.test(number) || Number(number) < 1 || Number(number) > 65_535)
        throw new StackError(
          `“--port ${text}” is not NAME=NUMBER with one of ${PUBLISHED.map(kebab).join(", ")}.`,
        );
      return [port, Number(number)];
    }),
  );
}

/** Traefik's fixed address, which alone may say who a client is, and the half of the subnet the others are in. */
export function addressPlan({ subnet }: ComposeSettings): { traefik: string; range: string } {
  const [network, bits] = ipaddr.IPv4.parseCIDR(subnet);
  if (bits > 26) throw new StackError(`${subnet} has no room for the containers: use a /26 or larger.`);
  const first = ipaddr.IPv4.networkAddressFromCIDR(subnet);
  if (network.toString() !== first.toString())
    throw new StackError(`${subnet} is no network: did you mean ${first.toString()}/${bits}?`);
  const number = first.toByteArray().reduce((sum, octet) => sum * 256 + octet, 0);
  const address = (offset: number) =>
    [24, 16, 8, 0].map((shift) => Math.floor((number + offset) / 2 ** shift) % 256).join(".");
  return { traefik: address(2), range: `${address(2 ** (31 - bits))}/${bits + 1}` };
}
