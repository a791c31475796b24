import { Resolver } from "node:dns/promises";
import { rmSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { readEnv } from "#server/env.ts";
import { createLogger } from "#server/logger.ts";
import { probeSocketKill } from "../socket-killer.ts";
import { createEdgeServer } from "./edge-server.ts";
import { expandNames } from "./expand-names.ts";

/**
 * Stands in Traefik's network namespace (docs/decisions/012-containers.md): ends sockets there for the agent, and tells Traefik
 * which addresses are behind its services' names.
 */
const LOOK_EVERY_MS = 1_000;

const env = readEnv("edge");
const log = createLogger("edge", env);
const resolver = new Resolver({ timeout: 1_000, tries: 1 });
const canCut = await probeSocketKill();
if (!canCut) log.warn("sockets cannot be ended here: NET_ADMIN is missing");

const isStale = () => Object.keys(networkInterfaces()).every((name) => name === "lo");

/** An answer that does not come leaves the list as it was. */
async function tellTraefik(): Promise<void> {
  if (isStale()) return;
  const template: unknown = JSON.parse(await readFile(env.EDGE_SERVICES_FILE, "utf8"));
  const services = await expandNames(template, (name) => resolver.resolve4(name).catch(() => []));
  const text = `${JSON.stringify(services, null, 2)}\n`;
  // `vpn init` writes it anew.
  if (text === (await readFile(env.EDGE_ROUTES_FILE, "utf8").catch(() => ""))) return;
  await writeFile(`${env.EDGE_ROUTES_FILE}.new`, text, { mode: 0o644 });
  await rename(`${env.EDGE_ROUTES_FILE}.new`, env.EDGE_ROUTES_FILE);
  log.info("Traefik was told the addresses behind its services");
}

rmSync(env.EDGE_SOCKET, { force: true });
const server = createEdgeServer({
  port: env.EDGE_PUBLIC_PORT,
  getState: () => ({ canCut, isStale: isStale() }),
  onLeave: () => {
    log.info("Traefik is back in another network: starting again to join it");
    process.exit(1);
  },
  log,
}).listen(env.EDGE_SOCKET);

let isFailing = false;
const timer = setInterval(() => {
  tellTraefik().then(
    () => {
      isFailing = false;
    },
    (error) => {
      if (!isFailing) log.error({ err: error }, "the services' addresses could not be written");
      isFailing = true;
    },
  );
}, LOOK_EVERY_MS);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => {
    clearInterval(timer);
    server.close();
    process.exit(0);
  });
