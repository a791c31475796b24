import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pem, TestAuthority } from "./certificates.ts";
import { findFreePorts } from "./origin.ts";

export type Answer = { status: number; body: unknown };

/** `node server/node-agent/main.ts` with certificates of its own, to be killed and started again. */
export async function createAgentProgram(options: {
  binary: string;
  directory: string;
  authority: TestAuthority;
  allowedPrivateTargets: readonly string[];
  edgePublicPort: number;
}) {
  const { directory, authority } = options;
  const [port = 0, healthPort = 0] = await findFreePorts(2);
  const server = await authority.issue("node-agent");
  const controller = await authority.issue("controller");
  const files = { ca: authority.ca, cert: server.cert, key: server.key };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, `${name}.pem`), text);
  let child: ChildProcess | undefined;

  const call = (method: string, path: string, body?: string, client: Pem | null = controller) =>
    new Promise<Answer>((resolve, reject) => {
      const tls = { ca: authority.ca, ...(client ?? {}), servername: "node-agent" };
      const outgoing = request(
        { host: "127.0.0.1", port, method, path, ...tls, agent: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            resolve({ status: incoming.statusCode ?? 0, body: text === "" ? null : JSON.parse(text) });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  return {
    port,
    healthPort,
    call,
    stateDir: join(directory, "state"),
    get pid() {
      return child?.pid ?? 0;
    },
    async start(): Promise<void> {
      child = spawn(process.execPath, ["server/node-agent/main.ts"], {
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          NODE_ENV: "test",
          LOG_LEVEL: "info",
          AGENT_PORT: String(port),
          AGENT_HEALTH_PORT: String(healthPort),
          EDGE_PUBLIC_PORT: String(options.edgePublicPort),
          NODE_CA_FILE: join(directory, "ca.pem"),
          AGENT_CERT_FILE: join(directory, "cert.pem"),
          AGENT_KEY_FILE: join(directory, "key.pem"),
          XRAY_BIN: options.binary,
          ALLOWED_PRIVATE_TARGETS: options.allowedPrivateTargets.join(","),
          STATE_DIR: join(directory, "state"),
          LOG_DIR: join(directory, "log"),
        },
      });
      child.stdout?.resume();
      const deadline = Date.now() + 10_000;
      for (;;) {
        try {
          return void (await call("GET", "/v1/state"));
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await sleep(50);
        }
      }
    },
    async kill(signal: NodeJS.Signals): Promise<void> {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, "exit");
    },
    readXrayPid: (): number =>
      (JSON.parse(readFileSync(join(directory, "state", "xray.pid"), "utf8")) as { pid: number }).pid,
  };
}
