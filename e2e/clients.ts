import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
  done: Promise<CurlResult & { endedAt: number }>;
  bytes(): number;
  child: ChildProcess;
};

/** Real curl, its output hashed as it comes. `--` options as on a command line. */
export function startCurl(args: string[]): Transfer {
  const child = spawn(
    "curl",
    ["-sS", "--max-time", "55", "-w", "%{stderr}\nSTATUS:%{http_code}\n", ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const hash = createHash("sha256");
  let bytes = 0;
  let head = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
    if (head.length < 65_536) head += chunk.toString("latin1");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const done = new Promise<CurlResult & { endedAt: number }>((resolve) => {
    child.on("close", (code) =>
      resolve({
        code,
        bytes,
        sha256: hash.digest("hex"),
        body: head,
        stderr,
        status: Number(/STATUS:(\d+)/.exec(stderr)?.[1] ?? 0),
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
export async function waitForPort(port: number, timeoutMs = 10_000): Promise<void> {
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

async function startClient(
  command: string,
  args: (dir: string) => string[],
  files: Record<string, string>,
  socksPort: number,
): Promise<Tunnel> {
  const dir = mkdtempSync(join(tmpdir(), "causeway-client-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
  const child = spawn(command, args(dir), { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  await waitForPort(socksPort).catch((error: unknown) => {
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
export async function startXrayClient(vlessLink: string): Promise<Tunnel> {
  const socksPort = await freePort();
  const config = renderClientConfig({ link: vlessLink, socksPort });
  return startClient(
    XRAY_BIN,
    (dir) => ["run", "-c", join(dir, "config.json")],
    { "config.json": config },
    socksPort,
  );
}

type SingBoxConfig = {
  inbounds: { type: string; listen: string; listen_port: number }[];
  route: { final: string };
};

/** A real sing-box on our subscription's JSON; only its listener's port and the chosen outbound are set here. */
export async function startSingBox(subscription: string, outboundTag: string): Promise<Tunnel> {
  const socksPort = await freePort();
  const config = JSON.parse(subscription) as SingBoxConfig;
  config.inbounds = [{ type: "mixed", listen: "127.0.0.1", listen_port: socksPort }];
  config.route.final = outboundTag;
  return startClient(
    SING_BOX_BIN,
    (dir) => ["run", "-c", join(dir, "config.json")],
    { "config.json": JSON.stringify(config) },
    socksPort,
  );
}

/** A real sing-box that passes what comes to a UDP port of loopback on to `target`, through a SOCKS5 proxy. */
export async function startSingBoxUdp(
  proxyUrl: string,
  target: { host: string; port: number },
): Promise<Tunnel> {
  const listenPort = await freePort();
  const { hostname, port, username, password } = new URL(proxyUrl);
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const config = {
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
  };
  return startClient(
    SING_BOX_BIN,
    (dir) => ["run", "-c", join(dir, "config.json")],
    { "config.json": JSON.stringify(config) },
    listenPort,
  );
}
