import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { startSquid, startTinyproxy } from "./peers.ts";
import { prepareSubject, type Subject } from "./subject.ts";

/** `npm run bench`: ratios within one run, because machines are noisy. Everything stays on the loopback range. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
type Row = { measure: string; ours: number; peer: string; theirs: number };
type LoadResult = { perSecond: number; megabytesPerSecond: number; failed: number };

const work = mkdtempSync(join(tmpdir(), "causeway-bench-"));
const load = join(work, "load");
execFileSync("go", ["build", "-o", load, "."], { cwd: "bench/load", stdio: "inherit" });

async function startLoadOrigin(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(load, ["-mode", "origin"], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once("data", (line) => resolve(Number(line))),
  );
  return { child, port };
}

function runLoad(args: string[]): LoadResult {
  const output = execFileSync(load, ["-d", `${SECONDS}s`, ...args], { encoding: "utf8" });
  const result = JSON.parse(output) as LoadResult;
  if (result.failed > 0)
    console.warn(`  ${result.failed} attempts failed: ${args.join(" ").replace(/-pass \S+/, "-pass …")}`);
  return result;
}

/** Requests per second by wrk, 64 connections. */
function runWrk(url: string, headers: string[] = []): number {
  const flags = headers.flatMap((header) => ["-H", header]);
  const output = execFileSync("wrk", ["-t1", "-c64", `-d${SECONDS}s`, ...flags, url], { encoding: "utf8" });
  if (/Non-2xx/.test(output)) throw new Error(`wrk met refusals at ${url}:\n${output}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? Number.NaN);
}

async function benchForwardAuth(subject: Subject): Promise<Row> {
  const child = spawn(
    process.execPath,
    [
      "-e",
      "require('http').createServer((q,s)=>s.end()).listen(0,'127.0.0.1',function(){console.log(this.address().port)})",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const port = await new Promise<number>((resolve) =>
    child.stdout.once("data", (line) => resolve(Number(line))),
  );
  const theirs = runWrk(`http://127.0.0.1:${port}/`);
  child.kill();
  const ours = runWrk(`http://127.0.0.1:${subject.ports.forwardAuth}/forward-auth`, [
    `Cookie: ${subject.cookie}`,
    "X-Forwarded-Method: GET",
    "X-Forwarded-Proto: https",
    `X-Forwarded-Host: ${subject.dashboardHost}`,
    "X-Forwarded-Uri: /dashboard/",
    "X-Forwarded-For: 127.0.0.1",
  ]);
  return { measure: "ForwardAuth decisions/s, cached session", ours, peer: "bare node:http 200", theirs };
}

function benchTunnels(subject: Subject, target: string): Row[] {
  const rows: Row[] = [];
  const peers = [startTinyproxy(work), startSquid(work)];
  try {
    const credentials = ["-user", subject.user.name, "-pass", subject.user.password];
    const own = (kind: "connect" | "socks") => [
      "-kind",
      kind,
      "-proxy",
      `127.0.0.1:${kind === "connect" ? subject.ports.http : subject.ports.socks}`,
      "-proxy-protocol",
      ...credentials,
      "-target",
      target,
    ];
    const viaTraefik = ["-kind", "connect", "-proxy", subject.httpProxy, ...credentials, "-target", target];
    const direct = ["-kind", "direct", "-target", target];
    for (const [mode, count, unit] of [
      ["setup", "64", "set-ups/s"],
      ["bulk", "4", "MB/s down"],
    ] as const) {
      const value = (args: string[]) => {
        const result = runLoad(["-mode", mode, "-c", count, ...args]);
        return mode === "setup" ? result.perSecond : result.megabytesPerSecond;
      };
      const ours = value(own("connect"));
      for (const peer of peers) {
        if (peer === null) continue;
        const theirs = value([
          "-kind",
          "connect",
          "-proxy",
          `127.0.0.1:${peer.port}`,
          "-user",
          "bench",
          "-pass",
          "bench",
          "-target",
          target,
        ]);
        rows.push({ measure: `CONNECT ${unit}, with password`, ours, peer: peer.name, theirs });
      }
      rows.push({
        measure: `CONNECT ${unit}, with password`,
        ours,
        peer: "no proxy at all",
        theirs: value(direct),
      });
      rows.push({
        measure: `CONNECT ${unit}, through Traefik`,
        ours: value(viaTraefik),
        peer: "our own listener",
        theirs: ours,
      });
      rows.push({
        measure: `SOCKS5 ${unit}, with password`,
        ours: value(own("socks")),
        peer: "our own CONNECT",
        theirs: ours,
      });
    }
  } finally {
    for (const peer of peers) peer?.stop();
  }
  return rows;
}

const origin = await startLoadOrigin();
const subject = await prepareSubject(work, origin.port);
try {
  const rows = [await benchForwardAuth(subject), ...benchTunnels(subject, `127.0.0.1:${origin.port}`)];
  console.info(
    `\n${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Node ${process.version}, ${SECONDS} s a run\n`,
  );
  console.info("| measure | ours | peer | theirs | ratio |\n|---|---|---|---|---|");
  for (const row of rows) {
    const ratio = (row.ours / row.theirs).toFixed(2);
    console.info(
      `| ${row.measure} | ${Math.round(row.ours)} | ${row.peer} | ${Math.round(row.theirs)} | ${ratio} |`,
    );
  }
} finally {
  subject.stop();
  origin.child.kill();
  rmSync(work, { recursive: true, force: true });
}
