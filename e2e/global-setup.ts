import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { createTestCertificate } from "./certificate.ts";
import { startOrigin } from "./origin.ts";

export type StackInfo = {
  dataDir: string;
  /** Where the origin is, as the doors dial it; 127.0.0.1 unless they are in containers. */
  originHost?: string;
  originCa: string;
  httpPort: number;
  httpsPort: number;
  controlPort: number;
  ready: {
    panelUrl: string;
    apiUrl: string;
    owner: { name: string; password: string | null };
    user: { name: string; vlessLinks: string[]; subscriptionUrl: string };
  };
  upMs: number;
};

declare module "vitest" {
  export interface ProvidedContext {
    stack: StackInfo;
  }
}

/** Starts the origin and a whole stack of its own (own data directory, free ports), and stops both at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "causeway-e2e-"));
  const tls = await createTestCertificate();
  const originCa = join(dataDir, "origin-ca.pem");
  writeFileSync(originCa, tls.ca);
  const origin = await startOrigin({ key: tls.key, cert: tls.cert });
  const env = {
    ...process.env,
    CAUSEWAY_DATA_DIR: join(dataDir, "data"),
    // Alerts wait for scrapes, not for minutes.
    CAUSEWAY_SCRAPE_SECONDS: "2",
    ALLOWED_PRIVATE_TARGETS: `127.0.0.1/32:${origin.httpPort},127.0.0.1/32:${origin.httpsPort}`,
    // Small, so that files are put aside while they are written to.
    LOG_FILE_MB: "0.15",
    LOG_TOTAL_MB: "6",
  };
  const started = Date.now();
  const stdout = await run(
    ["up", "--detach", "--json", "--host", "127.0.0.1", "--with", "jaeger"],
    env,
  ).catch(async (error) => {
    spawnSync(process.execPath, ["stack/bootstrap.mjs", "down"], { env, stdio: "inherit" });
    await origin.close();
    throw error;
  });
  const ready = JSON.parse(stdout) as StackInfo["ready"];
  project.provide("stack", {
    dataDir: env.CAUSEWAY_DATA_DIR,
    originCa,
    httpPort: origin.httpPort,
    httpsPort: origin.httpsPort,
    controlPort: origin.controlPort,
    ready,
    upMs: Date.now() - started,
  });
  return async () => {
    spawnSync(process.execPath, ["stack/bootstrap.mjs", "down"], { env, stdio: "inherit" });
    await origin.close();
    if (process.env.CAUSEWAY_KEEP_DATA === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["stack/bootstrap.mjs", ...args], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.on("exit", (code) =>
      code === 0 ? resolve(stdout.trim()) : reject(new Error(`up ended with ${code}; see its log above`)),
    );
  });
}

export const readStack = (
  dataDir: string,
): { pids: Record<string, number>; ports: Record<string, number> } & Record<string, unknown> =>
  JSON.parse(readFileSync(join(dataDir, "stack.json"), "utf8"));
