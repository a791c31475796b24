import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readEnv } from "#server/env.ts";
import { onLoopback } from "#stack/addresses.ts";
import { placesHere, programEnvironments } from "#stack/environments.ts";
import { JAEGER_ENVIRONMENT, prepareJaeger } from "#stack/jaeger.ts";
import { inData, pkiPath, ROOT } from "#stack/paths.ts";
import { postgresArguments, postgresDirectory } from "#stack/postgres/prepare.ts";
import type { PostgresRunner } from "#stack/postgres/system-user.ts";
import { preparePrometheus } from "#stack/prometheus.ts";
import { prepareRedis } from "#stack/redis.ts";
import { panelUrl, publicAddress, type Settings } from "#stack/settings.ts";
import type { ProgramSpec, StackFacts } from "#stack/supervisor/protocol.ts";
import type { Tools } from "#stack/tools.ts";
import { prepareTraefik } from "#stack/traefik/prepare.ts";

const loopback = (port: number) => `http://127.0.0.1:${port}`;

function baseEnvironment(): Record<string, string> {
  const { PATH, HOME } = readEnv("stack");
  return { PATH, HOME, LANG: "C.UTF-8", TZ: "UTC" };
}

type Parts = Pick<ProgramSpec, "name" | "command" | "args"> & Partial<ProgramSpec>;
const program = ({ env, ...parts }: Parts): ProgramSpec => ({
  cwd: ROOT,
  stopSignal: "SIGTERM",
  patienceMs: 5_000,
  postgresDirectory: null,
  hasOwnLog: false,
  ...parts,
  env: { ...baseEnvironment(), ...env },
});

/** Programs that are not ours and that others need first. */
export function dataPrograms(settings: Settings, tools: Tools, runner: PostgresRunner): ProgramSpec[] {
  const postgres = [...runner.prefix, join(tools.postgresBin, "postgres")];
  const [command = "", ...prefix] = postgres;
  return [
    program({
      name: "postgres",
      command,
      args: [...prefix, ...postgresArguments(settings.ports.postgres)],
      cwd: "/",
      // Fast shutdown: SIGTERM would wait for clients to leave by themselves.
      stopSignal: "SIGINT",
      patienceMs: 15_000,
      postgresDirectory: postgresDirectory(),
    }),
    program({ name: "redis", command: tools.redis, args: prepareRedis(settings.ports.redis) }),
  ];
}

/** Needs nothing of ours to start. */
export function edgePrograms(settings: Settings, tools: Tools): ProgramSpec[] {
  return [
    program({
      name: "traefik",
      command: tools.traefik,
      args: prepareTraefik(settings),
      hasOwnLog: true,
    }),
    program({ name: "prometheus", command: tools.prometheus, args: preparePrometheus(settings.ports) }),
    ...(tools.jaeger === null || !settings.hasJaeger
      ? []
      : [
          program({
            name: "jaeger",
            command: tools.jaeger,
            args: prepareJaeger(settings.ports),
            env: JAEGER_ENVIRONMENT,
          }),
        ]),
  ];
}

/** Web, controller, proxy-auth and node agent, with the variables of server/env.ts. */
export function ourPrograms(settings: Settings, tools: Tools): ProgramSpec[] {
  for (const directory of ["proxy-auth", "node"])
    mkdirSync(inData(directory), { recursive: true, mode: 0o700 });
  const environments = programEnvironments(settings, onLoopback(settings.ports), placesHere(tools.xray));
  const node = (name: keyof typeof environments) =>
    program({
      name,
      command: process.execPath,
      args: [join(ROOT, `server/${name}/main.ts`)],
      env: ourEnvironment({ ...environments[name], LOG_STDOUT: 0 }),
      hasOwnLog: true,
    });
  const next = join(ROOT, "node_modules/next/dist/bin/next");
  return [
    { ...node("web"), args: [next, "start", "-H", "127.0.0.1", "-p", String(settings.ports.web)] },
    node("controller"),
    node("proxy-auth"),
    node("node-agent"),
  ];
}

/** A variable is text; lists are comma-separated. */
export function ourEnvironment(env: Record<string, unknown>): Record<string, string> {
  const { LOG_LEVEL } = readEnv("stack");
  const text = Object.entries(env).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(text), LOG_LEVEL, NODE_ENV: "production", NODE_NO_WARNINGS: "1" };
}

/** Where each program says that it can do its job. */
export function readyUrls({ ports, hasJaeger }: Settings): Record<string, string> {
  return {
    ...(hasJaeger ? { jaeger: `${loopback(ports.jaegerUi)}/api/services` } : {}),
    traefik: `${loopback(ports.traefikMetrics)}/ping`,
    prometheus: `${loopback(ports.prometheus)}/-/ready`,
    web: `${loopback(ports.webInternal)}/readyz`,
    controller: `${loopback(ports.controller)}/readyz`,
    "proxy-auth": `${loopback(ports.forwardAuth)}/readyz`,
    "node-agent": `${loopback(ports.agentHealth)}/readyz`,
  };
}

export function stackFacts(settings: Settings): StackFacts {
  const url = panelUrl(settings);
  return {
    panelUrl: url,
    apiUrl: `${url}/api/v1`,
    caFile: pkiPath("web-ca.crt"),
    httpProxy: publicAddress(settings, "httpProxy"),
    socksProxy: publicAddress(settings, "socksProxy"),
    vpnAddress: publicAddress(settings, "vpn"),
    ports: Object.fromEntries(Object.entries(settings.ports).map(([name, port]) => [kebabCase(name), port])),
  };
}

const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
