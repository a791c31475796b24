import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ROOT } from "#stack/paths.ts";
import { runCommand } from "#stack/run-command.ts";
import { createTestCertificate } from "../certificate.ts";
import { freePort } from "../clients.ts";
import type { StackInfo } from "../global-setup.ts";
import { startOrigin } from "../origin.ts";
import { type Engine, HOST_ADDRESS, startEngine } from "./engine.ts";
import { makeStandIns, PACKAGES_IMAGE } from "./stand-ins.ts";

export type ComposeInfo = {
  /** Why there is no engine here; everything is skipped then. */
  skipped: string | null;
  /** A checkout of its own, where ./vpn and docker compose are run. */
  checkout: string;
  env: Record<string, string>;
  ownerPassword: string;
};

declare module "vitest" {
  export interface ProvidedContext {
    compose: ComposeInfo;
  }
}

/** What `git clone` and nothing else gives a server: no packages, no build. */
const NOT_COPIED = /\/(?:node_modules|\.git|\.next[^/]*|\.data|\.cache|screenshots|server\/generated)$/;
const PORTS = ["http", "https", "http-proxy", "socks-proxy", "dashboard", "vpn"];

const note = (line: string) => process.stderr.write(`compose: ${line}\n`);
const seconds = (since: number) => `${((Date.now() - since) / 1_000).toFixed(0)} s`;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync("/tmp/causeway-compose-");
  let engine: Engine;
  try {
    engine = await startEngine(join(directory, "engine"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    note(`SKIPPED, the compose stack was not tested: ${reason}`);
    rmSync(directory, { recursive: true, force: true });
    project.provide("compose", { skipped: reason, checkout: "", env: {}, ownerPassword: "" });
    project.provide("stack", NO_STACK);
    return async () => {};
  }
  const closers: (() => Promise<unknown>)[] = [engine.stop];
  const close = async () => {
    for (const closer of closers) await closer().catch((error: Error) => note(error.message));
    try {
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 });
    } catch (error) {
      note(`left behind: ${error instanceof Error ? error.message : directory}`);
    }
  };
  try {
    await start(project, engine, directory, closers);
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  project: TestProject,
  engine: Engine,
  directory: string,
  closers: (() => Promise<unknown>)[],
): Promise<void> {
  let since = Date.now();
  for (const line of await makeStandIns(engine, directory)) note(line);
  note(`stand-ins made in ${seconds(since)}`);
  const tls = await createTestCertificate(HOST_ADDRESS);
  const origin = await startOrigin({ key: tls.key, cert: tls.cert }, HOST_ADDRESS);
  closers.unshift(origin.close);
  const checkout = join(directory, "checkout");
  cpSync(ROOT, checkout, { recursive: true, filter: (path) => !NOT_COPIED.test(path) });
  const home = join(directory, "vpn");
  const originCa = join(directory, "origin-ca.pem");
  writeFileSync(originCa, tls.ca);
  const env = {
    ...engine.env,
    PACKAGES_IMAGE,
    NO_COLOR: "1",
    UPGRADE_FREE_MB: "100",
    ALLOWED_PRIVATE_TARGETS: `${HOST_ADDRESS}/32:${origin.httpPort},${HOST_ADDRESS}/32:${origin.httpsPort}`,
  };
  const vpn = async (...args: string[]) =>
    (await runCommand("./vpn", args, `vpn ${args[0]}`, { cwd: checkout, env })).stdout;
  const ports: string[] = [];
  for (const name of PORTS) ports.push("--port", `${name}=${await freePort()}`);

  since = Date.now();
  const made = await vpn("init", "--home", home, "--host", HOST_ADDRESS, ...ports);
  note(`images built, server set up in ${seconds(since)}`);
  const sizes = await engine.docker(
    "images",
    "--format",
    "{{.Repository}} {{.Size}}",
    "--filter",
    "reference=causeway/*",
  );
  note(`image sizes (on a stand-in of the base): ${sizes.split("\n").sort().join(", ")}`);
  since = Date.now();
  const ready = JSON.parse(await vpn("up", "--json")) as StackInfo["ready"];
  const upMs = Date.now() - since;
  note(`up and healthy in ${seconds(since)}`);
  const ownerPassword = /owner {2}(\S+)/.exec(made)?.[1] ?? "";
  project.provide("compose", { skipped: null, checkout, env, ownerPassword });
  project.provide("stack", {
    dataDir: join(home, "config"),
    originHost: HOST_ADDRESS,
    originCa,
    httpPort: origin.httpPort,
    httpsPort: origin.httpsPort,
    controlPort: origin.controlPort,
    ready,
    upMs,
  });
  if (!existsSync(join(home, "config/stack.json"))) throw new Error("vpn init wrote no stack.json");
  readFileSync(join(home, "config/secrets/cli.token"));
}

const NO_STACK: StackInfo = {
  dataDir: "",
  originCa: "",
  httpPort: 0,
  httpsPort: 0,
  controlPort: 0,
  ready: {
    panelUrl: "",
    apiUrl: "",
    owner: { name: "", password: null },
    user: { name: "", vlessLinks: [], subscriptionUrl: "" },
  },
  upMs: 0,
};
