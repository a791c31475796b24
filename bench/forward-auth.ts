import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fetchTraefik } from "#stack/tools/traefik.ts";
import { forwardAuthMiddleware } from "#stack/traefik/dynamic.ts";
import { byTurns, median, ROUNDS, type Row, SECONDS } from "./rounds.ts";
import type { Subject } from "./subject.ts";

/** What Traefik sends with a question, to us and to the bare server alike. */
const headersOf = (subject: Subject) => [
  `Cookie: ${subject.cookie}`,
  "X-Forwarded-Method: GET",
  "X-Forwarded-Proto: https",
  `X-Forwarded-Host: ${subject.dashboardHost}`,
  "X-Forwarded-Uri: /dashboard/",
  "X-Forwarded-For: 127.0.0.1",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64)",
  "Accept: text/html,application/xhtml+xml",
];

/** Requests per second by wrk, 64 connections. */
function runWrk(url: string, headers: readonly string[]): number {
  const flags = headers.flatMap((header) => ["-H", header]);
  const output = execFileSync("wrk", ["-t1", "-c64", `-d${SECONDS}s`, ...flags, url], { encoding: "utf8" });
  if (/Non-2xx/.test(output)) throw new Error(`wrk met refusals at ${url}:\n${output}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? Number.NaN);
}

/** A decision's cost by itself. */
export async function benchDecisions(subject: Subject): Promise<Row> {
  const port = await freePort();
  const env = { ...process.env, WORKERS: String(subject.workers), PORT: String(port) };
  const bare = spawn(process.execPath, ["bench/bare-server.ts"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(bare.stdout, "data");
  const headers = headersOf(subject);
  try {
    const measured = byTurns(
      () => runWrk(`http://127.0.0.1:${subject.ports.forwardAuth}/forward-auth`, headers),
      () => runWrk(`http://127.0.0.1:${port}/`, headers),
    );
    const peer = `bare node:http, ${subject.workers} processes too`;
    return { measure: "ForwardAuth decisions/s, cached session", peer, ...measured, target: 0.8 };
  } finally {
    bare.kill("SIGTERM");
  }
}

/** What a site behind the real Traefik pays for being guarded. Answers rows, and p99 in words. */
export async function benchGuarded(
  load: string,
  subject: Subject,
  target: string,
  work: string,
): Promise<{ row: Row; p99: string }> {
  const ports = { guarded: await freePort(), open: await freePort() };
  const traefik = await startTraefik(ports, subject, target, work);
  try {
    const headers = [
      `Host: ${subject.dashboardHost}`,
      `Cookie: ${subject.cookie}`,
      "X-Forwarded-Proto: https",
    ];
    const url = (port: number) => `http://127.0.0.1:${port}/dashboard/1024`;
    const measured = byTurns(
      () => runWrk(url(ports.guarded), headers),
      () => runWrk(url(ports.open), headers),
    );
    const p99Of = (port: number): number => {
      const flags = [
        "-mode",
        "steady",
        "-rate",
        "1000",
        "-c",
        "16",
        "-d",
        `${2 * SECONDS}s`,
        "-kind",
        "direct",
      ];
      const asked = [
        "-proxy",
        `127.0.0.1:${port}`,
        "-path",
        "/dashboard/1024",
        "-headers",
        headers.join("\\n"),
      ];
      const told = JSON.parse(execFileSync(load, [...flags, ...asked], { encoding: "utf8" }));
      if (told.failed > 0) throw new Error(`${told.failed} steady connections failed`);
      return told.p99Ms;
    };
    const rounds = Array.from({ length: ROUNDS }, () => ({
      guarded: p99Of(ports.guarded),
      open: p99Of(ports.open),
    }));
    const [guarded, open] = [median(rounds.map((one) => one.guarded)), median(rounds.map((one) => one.open))];
    const row = {
      measure: "a guarded site through Traefik, req/s",
      peer: "the same unguarded",
      ...measured,
      target: 0.5,
    };
    const p99 = `p99 at 1 000 req/s through Traefik: ${guarded.toFixed(2)} ms guarded, ${open.toFixed(2)} ms unguarded (target: less than 3 ms more)`;
    return { row, p99 };
  } finally {
    traefik.kill("SIGTERM");
  }
}

async function startTraefik(
  ports: { guarded: number; open: number },
  subject: Subject,
  target: string,
  work: string,
): Promise<ChildProcess> {
  const router = (entry: string, ...middlewares: string[]) => ({
    entryPoints: [entry],
    rule: "PathPrefix(`/dashboard/`)",
    middlewares: [...middlewares, "strip"],
    service: "site",
  });
  const dynamic = {
    http: {
      routers: { guarded: router("guarded", "auth"), open: router("open") },
      middlewares: {
        // As https: the session's cookie is good for nothing else.
        auth: {
          forwardAuth: {
            ...forwardAuthMiddleware(`127.0.0.1:${subject.ports.forwardAuthTls}`, "", subject.forwardAuthCa),
            trustForwardHeader: true,
          },
        },
        strip: { stripPrefix: { prefixes: ["/dashboard"] } },
      },
      services: { site: { loadBalancer: { servers: [{ url: `http://${target}` }] } } },
    },
  };
  const dynamicFile = join(work, "guarded.json.yml");
  writeFileSync(dynamicFile, JSON.stringify(dynamic));
  const entryPoint = (port: number) => ({
    address: `127.0.0.1:${port}`,
    forwardedHeaders: { insecure: true },
  });
  const fixed = {
    entryPoints: { guarded: entryPoint(ports.guarded), open: entryPoint(ports.open) },
    providers: { file: { filename: dynamicFile } },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: "FATAL" },
  };
  const staticFile = join(work, "traefik.json.yml");
  writeFileSync(staticFile, JSON.stringify(fixed));
  const child = spawn(await fetchTraefik(), [`--configFile=${staticFile}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${ports.open}/dashboard/1`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  throw new Error("Traefik did not begin to answer within 10 s");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
