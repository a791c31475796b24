import { mkdirSync, readFileSync } from "node:fs";
import { stringify } from "yaml";
import { onLoopback } from "#stack/addresses.ts";
import { tracesTo } from "#stack/environments.ts";
import { sha256, writeIfChanged } from "#stack/files.ts";
import { inData, logPath, pkiPath } from "#stack/paths.ts";
import type { Settings } from "#stack/settings.ts";
import { traefikDynamic } from "#stack/traefik/dynamic.ts";
import { traefikStatic } from "#stack/traefik/static.ts";

/** Writes both halves of Traefik's configuration; answers its arguments. */
export function prepareTraefik(settings: Settings): string[] {
  const dynamicDirectory = inData("traefik", "dynamic");
  mkdirSync(dynamicDirectory, { recursive: true, mode: 0o700 });
  const staticFile = inData("traefik", "static.yml");
  const addresses = onLoopback(settings.ports);
  const paths = { dynamicDirectory, accessLog: logPath("traefik-access"), log: logPath("traefik") };
  const endpoint = tracesTo(settings, addresses);
  const tracing = endpoint === null ? null : { endpoint, sampleRatio: settings.traceSampleRatio };
  const fixed = traefikStatic(settings.ports, addresses, paths, tracing, settings.hasDirectDoors);
  writeIfChanged(staticFile, stringify(fixed));
  const dynamic = traefikDynamic({
    hasDirectDoors: settings.hasDirectDoors,
    publicHost: settings.publicHost,
    realityServerName: settings.realityServerName,
    addresses,
    dashboards: { grafana: settings.grafanaUrl, jaeger: settings.jaegerUrl },
    certificate: (name) => ({ certFile: pkiPath(`${name}.crt`), keyFile: pkiPath(`${name}.key`) }),
    forwardAuthCa: pkiPath("proxy-auth-ca.crt"),
  });
  // Traefik watches this directory, not the certificates: a new one changes the comment and with it the file.
  const print = sha256(
    ["web", "reality", "proxy-auth-ca"].map((name) => readFileSync(pkiPath(`${name}.crt`))).join(""),
  );
  writeIfChanged(`${dynamicDirectory}/stack.yml`, `# certificates ${print}\n${stringify(dynamic)}`);
  return [`--configFile=${staticFile}`];
}
