import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { benchDecisions, benchGuarded } from "./forward-auth.ts";
import { startPeers } from "./peers.ts";
import type { Row } from "./rounds.ts";
import { prepareSubject } from "./subject.ts";
import { benchIdle, benchLimited, benchTunnels } from "./tunnels.ts";

/** `npm run bench`: ratios within one run, because machines are noisy. Everything stays on the loopback range. */

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

const busyBefore = loadavg()[0]?.toFixed(1);
const origin = await startLoadOrigin();
const subject = await prepareSubject(work, origin.port);
const peers = startPeers(work);
const target = `127.0.0.1:${origin.port}`;
try {
  // First: a process that has grown has room for them, and they would seem to cost nothing.
  const idle = await benchIdle(load, subject, target);
  const decisions = await benchDecisions(subject);
  const guarded = await benchGuarded(load, subject, target, work);
  const tunnels = benchTunnels(load, subject, peers, target);
  const limited = await benchLimited(load, subject, target);
  const rows: Row[] = [decisions, guarded.row, ...tunnels, ...limited];
  console.info(`\n${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Node ${process.version}`);
  console.info(`Load before and after: ${busyBefore} ${loadavg()[0]?.toFixed(1)}\n`);
  console.info("| measure | ours | peer | theirs | ratio | target |\n|---|---|---|---|---|---|");
  for (const { measure, ours, peer, theirs, ratio, target: wanted } of rows) {
    const cells = [measure, round(ours), peer, round(theirs), ratio.toFixed(2), wanted ?? ""];
    console.info(`| ${cells.join(" | ")} |`);
  }
  console.info(`\n${guarded.p99}\n${idle}`);
} finally {
  for (const peer of peers) peer.stop();
  subject.stop();
  origin.child.kill();
  rmSync(work, { recursive: true, force: true });
}

/** Three figures are all that noise leaves. */
function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}
