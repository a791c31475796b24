import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { SocksClient } from "socks";
import { renderClientConfig } from "#server/xray/client-config.ts";
import { parseVlessLink } from "#server/xray/links.ts";
import { findFreePorts } from "./origin.ts";

export type VpnClient = Awaited<ReturnType<typeof startVpnClient>>;
export type Download = { socket: Socket; readonly bytes: number; readonly isEnded: boolean };

type ClientOptions = { localAddress?: string; singBox?: string };

/** Xray (or sing-box) as a client of a link, with a SOCKS listener of its own. */
export async function startVpnClient(xray: string, link: string, options: ClientOptions = {}) {
  const [socksPort = 0] = await findFreePorts(1);
  const directory = mkdtempSync(join(tmpdir(), "vpn-client-"));
  const config = join(directory, "config.json");
  writeFileSync(
    config,
    options.singBox ? renderSingBox(link, socksPort) : renderXray(link, socksPort, options),
  );
  const child: ChildProcess = spawn(options.singBox ?? xray, ["run", "-c", config], { stdio: "ignore" });
  await waitForPort(socksPort);
  const dial = async (port: number): Promise<Socket> => {
    const { socket } = await SocksClient.createConnection({
      proxy: { host: "127.0.0.1", port: socksPort, type: 5 },
      command: "connect",
      destination: { host: "127.0.0.1", port },
      timeout: 5000,
    });
    socket.on("error", () => {});
    return socket;
  };
  return {
    socksPort,
    /** The body of a page, or an empty text when the door is closed. */
    async fetch(
      port: number,
      options: { path?: string; isTls?: boolean; waitMillis?: number } = {},
    ): Promise<string> {
      const raw = await dial(port);
      const socket = options.isTls ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
      socket.on("error", () => {});
      socket.write(`GET ${options.path ?? "/"} HTTP/1.0\r\nHost: origin.test\r\n\r\n`);
      const chunks: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      await Promise.race([once(socket, "end"), once(socket, "close"), sleep(options.waitMillis ?? 8000)]);
      socket.destroy();
      return Buffer.concat(chunks).toString().split("\r\n\r\n").slice(1).join("\r\n\r\n");
    },
    async download(port: number): Promise<Download> {
      const socket = await dial(port);
      const download = { socket, bytes: 0, isEnded: false };
      socket.on("data", (chunk: Buffer) => {
        download.bytes += chunk.length;
      });
      socket.on("close", () => {
        download.isEnded = true;
      });
      socket.write("GET /slow HTTP/1.0\r\n\r\n");
      return download;
    },
    async stop(): Promise<void> {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function renderXray(link: string, socksPort: number, { localAddress }: ClientOptions): string {
  const config = JSON.parse(renderClientConfig({ link, socksPort })) as { outbounds: object[] };
  if (localAddress) Object.assign(config.outbounds[0] ?? {}, { sendThrough: localAddress });
  return JSON.stringify(config);
}

function renderSingBox(text: string, socksPort: number): string {
  const link = parseVlessLink(text);
  return JSON.stringify({
    log: { level: "warn" },
    inbounds: [{ type: "mixed", listen: "127.0.0.1", listen_port: socksPort }],
    outbounds: [
      {
        type: "vless",
        server: link.host,
        server_port: link.port,
        uuid: link.vlessId,
        flow: "xtls-rprx-vision",
        tls: {
          enabled: true,
          server_name: link.serverName,
          utls: { enabled: true, fingerprint: "chrome" },
          reality: { enabled: true, public_key: link.publicKey, short_id: link.shortId },
        },
      },
    ],
  });
}

export async function waitForPort(port: number): Promise<void> {
  await waitUntil(async () => {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  });
}

export async function waitUntil(condition: () => boolean | Promise<boolean>, millis = 10_000): Promise<void> {
  const deadline = Date.now() + millis;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${millis} ms for: ${condition}`);
    await sleep(20);
  }
}
