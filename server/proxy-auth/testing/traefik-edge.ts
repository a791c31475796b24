import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forwardAuthMiddleware } from "#stack/traefik/dynamic.ts";
import { eventually } from "./bench.ts";
import { freePort, type RealProgram } from "./real-program.ts";

/** May this process give another one a hosts file of its own? Not in every container. */
export function canMountHosts(): boolean {
  try {
    execFileSync("unshare", ["-m", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** As stack/traefik/dynamic.ts asks. */
const HEALTH = "GET /healthz HTTP/1.1\r\nHost: proxy-auth\r\nConnection: close\r\n\r\n";

/**
 * The real Traefik with the doors' TCP routers and a site behind ForwardAuth. Several replicas stand under one name
 * with all their addresses, as containers of one service do.
 */
export async function startTraefikEdge(binary: string, replicas: readonly RealProgram[]) {
  const directory = mkdtempSync(join(tmpdir(), "edge-"));
  const ports = replicas[0]?.ports ?? { forwardAuth: 0, forwardAuthTls: 0, http: 0, socks: 0 };
  const site = createServer((_request, response) => response.end("site")).listen(0, "127.0.0.1");
  await once(site, "listening");
  const listen = { web: await freePort(), http: await freePort(), socks: await freePort() };
  const write = (name: string, value: unknown) => {
    writeFileSync(join(directory, name), typeof value === "string" ? value : JSON.stringify(value));
    return join(directory, name);
  };
  const isOne = replicas.length === 1;
  const door = (port: number) => ({
    loadBalancer: {
      serversTransport: "front",
      ...(isOne
        ? {}
        : {
            healthCheck: {
              interval: "1s",
              timeout: "3s",
              port: ports.forwardAuth,
              send: HEALTH,
              expect: "HTTP/1.1 200",
            },
          }),
      servers: replicas.map(({ host }) => ({ address: `${host}:${port}` })),
    },
  });
  const certificates = write("ca", replicas.map((one) => readFileSync(one.certificateFile, "utf8")).join(""));
  const name = isOne ? replicas[0]?.host : "doors.test";
  const dynamic = write("dynamic.yml", {
    http: {
      routers: {
        site: { entryPoints: ["web"], rule: "PathPrefix(`/`)", middlewares: ["auth"], service: "site" },
      },
      middlewares: {
        auth: { forwardAuth: forwardAuthMiddleware(`${name}:${ports.forwardAuthTls}`, "", certificates) },
      },
      services: {
        site: {
          loadBalancer: { servers: [{ url: `http://127.0.0.1:${(site.address() as AddressInfo).port}` }] },
        },
      },
    },
    tcp: {
      serversTransports: { front: { proxyProtocol: { version: 2 } } },
      routers: {
        http: { entryPoints: ["http"], rule: "HostSNI(`*`)", service: "http" },
        socks: { entryPoints: ["socks"], rule: "HostSNI(`*`)", service: "socks" },
      },
      services: { http: door(ports.http), socks: door(ports.socks) },
    },
  });
  const config = write("static.yml", {
    entryPoints: Object.fromEntries(
      Object.entries(listen).map(([entry, port]) => [entry, { address: `127.0.0.1:${port}` }]),
    ),
    providers: { file: { filename: dynamic } },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: "DEBUG", filePath: join(directory, "log") },
  });
  const lines = ["127.0.0.1 localhost", ...replicas.map(({ host }) => `${host} doors.test`)];
  const hosts = write("hosts", `${lines.join("\n")}\n`);
  const run = isOne ? "" : `mount --bind '${hosts}' /etc/hosts && `;
  const child = spawn(
    isOne ? "sh" : "unshare",
    [...(isOne ? [] : ["-m", "sh"]), "-c", `${run}exec '${binary}' --configFile='${config}'`],
    { stdio: "ignore" },
  );
  const status = async () => (await fetch(`http://127.0.0.1:${listen.web}/`)).status;
  const stop = async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    site.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await eventually(async () => ![0, 404].includes(await status().catch(() => 0)), 10_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ports: listen, stop };
}
