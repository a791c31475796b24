import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readEnv } from "#server/env.ts";
import { inData, pkiPath, ROOT, secretPath } from "#stack/paths.ts";
import { postgresArguments, postgresDirectory } from "#stack/postgres/prepare.ts";
import type { PostgresRunner } from "#stack/postgres/system-user.ts";
import { preparePrometheus } from "#stack/prometheus.ts";
import { prepareRedis } from "#stack/redis.ts";
import { panelUrl, publicAddress, type Settings } from "#stack/settings.ts";
import type { ProgramSpec, StackFacts } from "#stack/supervisor/protocol.ts";
import type { Tools } from "#stack/tools.ts";
import { prepareTraefik } from "#stack/traefik/prepare.ts";

const loopback = (port: number) => `http://127.0.0.1:${port}`;
const TRAEFIK_ADDRESSES = "127.0.0.1";

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
    program({ name: "traefik", command: tools.traefik, args: prepareTraefik(settings) }),
    program({ name: "prometheus", command: tools.prometheus, args: preparePrometheus(settings.ports) }),
  ];
}

/** The host part of what may be dialled although it is private: the operator's list and our own probe. */
export const allowedPrivateTargets = (settings: Settings) =>
  [...settings.allowedPrivateTargets, `127.0.0.1/32:${settings.ports.probe}`].join(",");

/** Web, controller, proxy-auth and node agent, with the variables of server/env.ts. */
export function ourPrograms(settings: Settings, tools: Tools): ProgramSpec[] {
  const { ports } = settings;
  for (const directory of ["proxy-auth", "node"])
    mkdirSync(inData(directory), { recursive: true, mode: 0o700 });
  const node = (name: string, env: Record<string, unknown>) =>
    program({
      name,
      command: process.execPath,
      args: [join(ROOT, `server/${name}/main.ts`)],
      env: ourEnvironment(env),
    });
  const doors = {
    ALLOWED_PRIVATE_TARGETS: allowedPrivateTargets(settings),
    OWN_PORTS: Object.values(ports).join(","),
  };
  return [
    {
      ...node("web", webEnvironment(settings)),
      args: [
        join(ROOT, "node_modules/next/dist/bin/next"),
        "start",
        "-H",
        "127.0.0.1",
        "-p",
        String(ports.web),
      ],
    },
    node("controller", {
      CONTROLLER_PORT: ports.controller,
      DATABASE_URL_FILE: secretPath("database-url"),
      REDIS_URL_FILE: secretPath("redis-url-controller"),
      MASTER_KEY_FILE: secretPath("master-key"),
      NODE_CA_FILE: pkiPath("node-ca.crt"),
      CONTROLLER_CERT_FILE: pkiPath("controller.crt"),
      CONTROLLER_KEY_FILE: pkiPath("controller.key"),
    }),
    node("proxy-auth", {
      FORWARD_AUTH_PORT: ports.forwardAuth,
      HTTP_PROXY_LISTEN_PORT: ports.httpProxyListener,
      SOCKS_PROXY_LISTEN_PORT: ports.socksProxyListener,
      PANEL_URL: panelUrl(settings),
      WEB_INTERNAL_URL: loopback(ports.webInternal),
      INTERNAL_TOKEN_FILE: secretPath("proxy-auth-token"),
      REDIS_URL_FILE: secretPath("redis-url-proxy-auth"),
      TRUSTED_PROXIES: TRAEFIK_ADDRESSES,
      STATE_DIR: inData("proxy-auth"),
      ...doors,
    }),
    node("node-agent", {
      AGENT_PORT: ports.agent,
      AGENT_HEALTH_PORT: ports.agentHealth,
      EDGE_PUBLIC_PORT: ports.https,
      NODE_CA_FILE: pkiPath("node-ca.crt"),
      AGENT_CERT_FILE: pkiPath("agent.crt"),
      AGENT_KEY_FILE: pkiPath("agent.key"),
      XRAY_BIN: tools.xray,
      STATE_DIR: inData("node"),
      LOG_DIR: inData("logs"),
      ...doors,
    }),
  ];
}

/** What web and provisioning share. */
export const identityEnvironment = (settings: Settings) => ({
  PANEL_URL: panelUrl(settings),
  HTTP_PROXY_ADDRESS: publicAddress(settings, "httpProxy"),
  SOCKS_PROXY_ADDRESS: publicAddress(settings, "socksProxy"),
  DATABASE_URL_FILE: secretPath("database-url"),
  REDIS_URL_FILE: secretPath("redis-url-web"),
  MASTER_KEY_FILE: secretPath("master-key"),
});

function webEnvironment(settings: Settings) {
  const { ports } = settings;
  const health = {
    traefik: `${loopback(ports.traefikMetrics)}/ping`,
    controller: `${loopback(ports.controller)}/healthz`,
    "proxy-auth": `${loopback(ports.forwardAuth)}/healthz`,
    "node-agent": `${loopback(ports.agentHealth)}/healthz`,
    prometheus: `${loopback(ports.prometheus)}/-/healthy`,
  };
  return {
    ...identityEnvironment(settings),
    WEB_PORT: ports.web,
    WEB_INTERNAL_PORT: ports.webInternal,
    NEXTAUTH_SECRET_FILE: secretPath("nextauth-secret"),
    PROXY_AUTH_TOKEN_FILE: secretPath("proxy-auth-token"),
    TRUSTED_PROXIES: TRAEFIK_ADDRESSES,
    PROGRAM_HEALTH: Object.entries(health).map(([name, url]) => `${name}=${url}`),
    NEXT_TELEMETRY_DISABLED: 1,
  };
}

/** A variable is text; lists are comma-separated. */
export function ourEnvironment(env: Record<string, unknown>): Record<string, string> {
  const { LOG_LEVEL } = readEnv("stack");
  const text = Object.entries(env).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(text), LOG_LEVEL, NODE_ENV: "production", NODE_NO_WARNINGS: "1" };
}

/** Where each program says that it can do its job. */
export function readyUrls({ ports }: Settings): Record<string, string> {
  return {
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
