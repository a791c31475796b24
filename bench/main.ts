import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { startPeers } from "./peers.ts";
import { prepareSubject, type Subject } from "./subject.ts";
import { benchIdle, benchTunnels, type Row } from "./tunnels.ts";

/** `npm run bench`: ratios within one run, because machines are noisy. Everything stays on the loopback range. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);

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
  return {
    measure: "ForwardAuth decisions/s, cached session",
    ours,
    peer: "bare node:http 200",
    theirs,
    ratio: ours / theirs,
  };
}

const busyBefore = loadavg()[0]?.toFixed(1);
const origin = await startLoadOrigin();
const subject = await prepareSubject(work, origin.port);
const peers = startPeers(work);
const target = `127.0.0.1:${origin.port}`;
try {
  const rows = [await benchForwardAuth(subject), ...benchTunnels(load, subject, peers, target)];
  const idle = await benchIdle(load, subject, target);
  console.info(`\n${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Node ${process.version}`);
  console.info(`Load before and after: ${busyBefore} ${loadavg()[0]?.toFixed(1)}\n`);
  console.info("| measure | ours | peer | theirs | ratio | target |\n|---|---|---|---|---|---|");
  for (const { measure, ours, peer, theirs, ratio, target: wanted } of rows) {
    const cells = [measure, Math.round(ours), peer, Math.round(theirs), ratio.toFixed(2), wanted ?? ""];
    console.info(`| ${cells.join(" | ")} |`);
  }
  console.info(`| memory | ${idle} | | | | |`);
} finally {
  for (const peer of peers) peer.stop();
  subject.stop();
  origin.child.kill();
  rmSync(work, { recursive: true, force: true });
}
