import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished, TestRunner } from "vitest";
import { renderClientConfig } from "#server/xray/client-config.ts";
import { SING_BOX_BIN, XRAY_BIN } from "./tools.ts";

export type CurlResult = {
  code: number | null;
  status: number;
  bytes: number;
  sha256: string;
  body: string;
  stderr: string;
};
export type Transfer = {
  done: Promise<CurlResult & { lastByteAt: number; endedAt: number }>;
  bytes(): number;
  child: ChildProcess;
};

/** What a test has started and not ended, as when it fails half-way, does not reach into its next attempt. */
function endWithTest(child: ChildProcess): void {
  if (TestRunner.getCurrentTest() === undefined) return;
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
}

/** Real curl, its output hashed as it comes. `--` options as on a command line. */
export function startCurl(args: string[]): Transfer {
  const child = spawn(
    "curl",
    ["-sS", "--max-time", "55", "-w", "%{stderr}\nSTATUS:%{http_code}\n", ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  endWithTest(child);
  const hash = createHash("sha256");
  let bytes = 0;
  let lastByteAt = 0;
  let head = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
    lastByteAt = Date.now();
    if (head.length < 65_536) head += chunk.toString("latin1");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const done = new Promise<CurlResult & { lastByteAt: number; endedAt: number }>((resolve) => {
    child.on("close", (code) =>
      resolve({
        code,
        bytes,
        sha256: hash.digest("hex"),
        body: head,
        stderr,
        status: Number(/STATUS:(\d+)/.exec(stderr)?.[1] ?? 0),
        lastByteAt,
        endedAt: Date.now(),
      }),
    );
  });
  return { done, bytes: () => bytes, child };
}

export const curl = (args: string[]): Promise<CurlResult> => startCurl(args).done;

export type Tunnel = { socksPort: number; stop(): Promise<void>; log(): string };

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Waits until something listens on 127.0.0.1:port. */
export async function waitForPort(port: number, timeoutMs = 30_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on 127.0.0.1:${port} after ${timeoutMs} ms`);
}

/** Waits until it listens on its port; one that somebody else took meanwhile is replaced by another. */
async function startClient(command: string, configFor: (port: number) => string): Promise<Tunnel> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return await startOnPort(command, configFor(port), port);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function startOnPort(command: string, config: string, socksPort: number): Promise<Tunnel> {
  const dir = mkdtempSync(join(tmpdir(), "causeway-client-"));
  const file = join(dir, "config.json");
  writeFileSync(file, config);
  const child = spawn(command, ["run", "-c", file], { stdio: ["ignore", "pipe", "pipe"] });
  endWithTest(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const early = exited.then(() => Promise.reject(new Error(`it ended with ${child.exitCode}`)));
  await Promise.race([waitForPort(socksPort), early]).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`${command} did not start: ${output}`, { cause: error });
  });
  return {
    socksPort,
    log: () => output,
    async stop() {
      child.kill("SIGKILL");
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A real Xray client for a vless:// link, with a SOCKS listener on 127.0.0.1. */
export const startXrayClient = (vlessLink: string): Promise<Tunnel> =>
  startClient(XRAY_BIN, (socksPort) => renderClientConfig({ link: vlessLink, socksPort }));

type SingBoxConfig = {
  inbounds: { type: string; listen: string; listen_port: number }[];
  route: { final: string };
};

/** A real sing-box on our subscription's JSON; only its listener's port and the chosen outbound are set here. */
export function startSingBox(subscription: string, outboundTag: string): Promise<Tunnel> {
  const config = JSON.parse(subscription) as SingBoxConfig;
  config.route.final = outboundTag;
  return startClient(SING_BOX_BIN, (port) => {
    config.inbounds = [{ type: "mixed", listen: "127.0.0.1", listen_port: port }];
    return JSON.stringify(config);
  });
}

/** A real sing-box that passes what comes to a UDP port of loopback on to `target`, through a SOCKS5 proxy. */
export function startSingBoxUdp(proxyUrl: string, target: { host: string; port: number }): Promise<Tunnel> {
  const { hostname, port, username, password } = new URL(proxyUrl);
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const configFor = (listenPort: number) => ({
    log: { level: "debug" },
    inbounds: [
      {
        type: "direct",
        listen: "127.0.0.1",
        listen_port: listenPort,
        override_address: target.host,
        override_port: target.port,
      },
    ],
    outbounds: [
      {
        type: "socks",
        tag: "out",
        server: hostname,
        server_port: Number(port),
        version: "5",
        ...credentials,
      },
    ],
    route: { final: "out" },
  });
  return startClient(SING_BOX_BIN, (port) => JSON.stringify(configFor(port)));
}
