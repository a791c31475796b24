import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitForPort } from "./vpn-client.ts";

/** The real Traefik before the edge inbound: SNI pass-through with PROXY protocol v2. Its files are YAML's JSON. */
export async function startTraefikFront(options: {
  binary: string;
  port: number;
  target: number;
  serverName: string;
}): Promise<{ stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "traefik-"));
  const write = (name: string, value: unknown) => writeFileSync(join(directory, name), JSON.stringify(value));
  write("dynamic.yml", {
    tcp: {
      serversTransports: { front: { proxyProtocol: { version: 2 } } },
      routers: {
        edge: { rule: `HostSNI(\`${options.serverName}\`)`, service: "edge", tls: { passthrough: true } },
      },
      services: {
        edge: {
          loadBalancer: { serversTransport: "front", servers: [{ address: `127.0.0.1:${options.target}` }] },
        },
      },
    },
  });
  write("static.yml", {
    entryPoints: { websecure: { address: `127.0.0.1:${options.port}` } },
    providers: { file: { filename: join(directory, "dynamic.yml") } },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
  });
  const child = spawn(options.binary, [`--configFile=${join(directory, "static.yml")}`], { stdio: "ignore" });
  await waitForPort(options.port);
  return {
    stop: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
