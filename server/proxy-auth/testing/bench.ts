import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pino from "pino";
import type { ProgramEnv } from "#server/env.ts";
import { type ProxyAuth, startProxyAuth } from "../program.ts";
import { PanelStand, PROGRAM_TOKEN } from "./panel-stand.ts";

export const PANEL_URL = "https://panel.test";

/** A real proxy-auth with a real Redis and a panel's `/internal`, on ports of the kernel's choice. */
export type Bench = {
  panel: PanelStand;
  redis: Redis;
  proxy: ProxyAuth;
  logs: string[];
  directory: string;
  redisUrl: string;
  /** Tells proxy-auth of changes, as the panel does after a commit. */
  announce: () => Promise<void>;
  restart: () => Promise<void>;
  /** A second one of the same installation. */
  stopRedis: () => Promise<void>;
  startAnother: () => Promise<ProxyAuth>;
  close: () => Promise<void>;
};

export async function startBench(
  options: {
    allowed?: string[];
    ownPorts?: number[];
    dnsServers?: string[];
    trusted?: string[];
    env?: Partial<ProgramEnv<"proxy-auth">>;
  } = {},
): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), "doors-"));
  const redisUrl = join(directory, "redis.sock");
  const server = spawn(
    "redis-server",
    ["--port", "0", "--unixsocket", redisUrl, "--save", "", "--dir", directory],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  for await (const line of server.stdout) if (String(line).includes("ready to accept")) break;
  server.stdout.resume();
  const redis = new Redis(redisUrl);
  // Some tests take it away.
  redis.on("error", () => {});
  const panel = new PanelStand();
  await panel.start();
  const logs: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void logs.push(line) });
  const start = (name = "state") =>
    startProxyAuth({
      logger,
      ports: { forwardAuth: 0, forwardAuthTls: 0, http: 0, socks: 0 },
      ...(options.dnsServers ? { dnsServers: options.dnsServers } : {}),
      env: {
        LOG_LEVEL: "debug",
        OTLP_ENDPOINT: "",
        TRACE_SAMPLE_RATIO: 1,
        PROXY_AUTH_HOST: "127.0.0.1",
        FORWARD_AUTH_PORT: 1,
        FORWARD_AUTH_TLS_PORT: 1,
        DOORS_DIRECT: "0",
        HTTP_PROXY_LISTEN_PORT: 1,
        SOCKS_PROXY_LISTEN_PORT: 1,
        PANEL_URL,
        WEB_INTERNAL_URL: `http://127.0.0.1:${panel.port}`,
        INTERNAL_TOKEN_FILE: PROGRAM_TOKEN,
        REDIS_URL_FILE: redisUrl,
        TRUSTED_PROXIES: options.trusted ?? ["127.0.0.1"],
        ALLOWED_PRIVATE_TARGETS: options.allowed ?? ["127.0.0.0/8"],
        OWN_PORTS: options.ownPorts ?? [],
        DRAIN_SECONDS: 0,
        STATE_DIR: join(directory, name),
        DOORS_MAX_TUNNELS: 20_000,
        DOORS_HANDSHAKE_SECONDS: 15,
        DOORS_HEADER_SECONDS: 20,
        DOORS_CONNECT_SECONDS: 10,
        DOORS_IDLE_SECONDS: 1_800,
        DOORS_LIFETIME_SECONDS: 86_400,
        SOCKS_UDP_PORTS: "",
        SOCKS_UDP_HOST: "127.0.0.1",
        SOCKS_UDP_ADDRESS: "127.0.0.1",
        ...options.env,
      },
    });
  const others: ProxyAuth[] = [];
  const bench: Bench = {
    panel,
    redis,
    proxy: await start(),
    logs,
    directory,
    redisUrl,
    announce: async () => void (await redis.publish("changes", String(panel.revision))),
    restart: async () => {
      await bench.proxy.stop();
      bench.proxy = await start();
    },
    stopRedis: async () => {
      server.kill("SIGKILL");
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    },
    startAnother: async () => {
      const other = await start(`state-${others.length + 2}`);
      others.push(other);
      return other;
    },
    close: async () => {
      for (const other of others) await other.stop();
      await bench.proxy.stop();
      redis.disconnect();
      await panel.stop();
      await bench.stopRedis();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return bench;
}

/** PROXY v2 for TCP over IPv4, as Traefik writes it. */
export function proxyHeader(address = "192.0.2.7", port = 40_000): Buffer {
  const header = Buffer.from("0d0a0d0a000d0a515549540a2111000c000000007f000001000003e8", "hex");
  Buffer.from(address.split(".").map(Number)).copy(header, 16);
  header.writeUInt16BE(port, 24);
  return header;
}

/** A connection as it comes from Traefik. */
export async function connectAsTraefik(port: number, client = "192.0.2.7"): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  await once(socket, "connect");
  socket.write(proxyHeader(client));
  socket.on("error", () => {});
  return socket;
}

/** Reads until `isEnough`, or to the end. */
export function readUntil(socket: Socket, isEnough: (bytes: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = () => {
      socket.off("data", onData).off("end", finish).off("close", finish);
      socket.pause();
      resolve(bytes);
    };
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (isEnough(bytes)) finish();
    };
    socket.on("data", onData).on("end", finish).on("close", finish);
    socket.resume();
  });
}

export const readAll = (socket: Socket): Promise<Buffer> => readUntil(socket, () => false);
export const readHead = (socket: Socket): Promise<Buffer> =>
  readUntil(socket, (bytes) => bytes.includes("\r\n\r\n"));

export function basic(name: string, password = `${name}-secret`): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

/** Polls until the condition holds. */
export async function eventually(check: () => boolean | Promise<boolean>, timeoutMs = 4_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > until) throw new Error("It did not happen in time.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
