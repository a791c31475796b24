import { existsSync } from "node:fs";
import { readEnv } from "#server/env.ts";
import {
  chooseComposeSettings,
  chooseContainerSettings,
  type InitFlags,
  writeComposeSettings,
} from "#stack/compose/compose-settings.ts";
import { HOME, inHome } from "#stack/compose/places.ts";
import { makeDirectories, setOwners } from "#stack/compose/set-owners.ts";
import {
  addressesOf,
  composeEnvironment,
  writeCertificates,
  writeFiles,
} from "#stack/compose/write-files.ts";
import { parseFlags } from "#stack/flags.ts";
import { ensureCertificates } from "#stack/pki/certificates.ts";
import { say } from "#stack/progress.ts";
import { describeReach, parseHost } from "#stack/public-host.ts";
import { ensureSecrets } from "#stack/secrets.ts";
import { writeSettings } from "#stack/settings.ts";
import { runMain, StackError } from "#stack/stack-error.ts";

/**
 * First half of `vpn init`, in the tools image with only the host's volumes: directories, secrets, CAs, certificates
 * and every configuration file. Prints compose's `.env`. Safe to repeat; what exists stays.
 */
await runMain(async () => {
  const flags: InitFlags = parseFlags({
    host: { type: "string" },
    subnet: { type: "string" },
    "own-certificate": { type: "boolean" },
    "self-signed": { type: "boolean" },
    "acme-email": { type: "string" },
    "acme-challenge": { type: "string" },
    "acme-server": { type: "string" },
    monitoring: { type: "boolean" },
    "no-monitoring": { type: "boolean" },
    port: { type: "string", multiple: true },
  });
  if (process.getuid?.() !== 0) throw new StackError("vpn init gives files to other users: run it as root.");
  if (!readEnv("stack").CAUSEWAY_DATA_DIR.endsWith("/config"))
    throw new StackError("CAUSEWAY_DATA_DIR must be the config directory of CAUSEWAY_HOME.");
  if ("no-monitoring" in flags) flags.monitoring = false;
  if (flags.host !== undefined) flags.host = parseHost(flags.host);
  const compose = chooseComposeSettings(flags);
  const settings = chooseContainerSettings(flags, compose);
  if (
    compose.certificate.kind === "own" &&
    !["crt", "key"].every((end) => existsSync(inHome("certs", `own.${end}`)))
  )
    throw new StackError(`Put your certificate into ${HOME}/certs/own.crt and its key into own.key first.`);
  makeDirectories();
  writeSettings(settings);
  writeComposeSettings(compose);
  ensureSecrets(addressesOf(settings, compose));
  await ensureCertificates(settings.publicHost, settings.realityServerName);
  writeCertificates();
  writeFiles(settings, compose);
  setOwners();
  const reach = describeReach(settings.publicHost);
  if (reach !== null) say(`Note: ${reach}`);
  process.stdout.write(composeEnvironment(settings));
});
