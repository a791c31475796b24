import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { registerHooks } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/**
 * `node bench/tracing-cost.ts`: what tracing costs ForwardAuth, as ratios within one run. Proxy-auths take turns under
 * the same load (wrk, cached session): one whose tracing module is replaced by nothing, one with tracing off, and two
 * whose requests come in as Traefik would send them with that share of traces kept.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const MODES = ["removed", "off", "0.01", "1"] as const;
type Mode = (typeof MODES)[number];

/** The module's own names, doing nothing at all. */
const NOTHING = `
const span = { setAttribute() {}, setAttributes() {}, updateName() {}, setStatus() {}, isRecording: () => false };
export const initTracing = async () => {}, stopTracing = async () => {}, failSpan = () => {};
export const isTracing = () => false, isRecording = () => false;
export const withSpan = (name, attributes, fn) => fn(span), withChildSpan = withSpan;
export const continueTrace = (traceparent, name, attributes, fn) => fn(span);
export const currentTraceparent = () => null, currentTraceId = () => null, traceHeaders = () => ({});
`;

async function serve(mode: Mode, endpoint: string): Promise<void> {
  const url = `data:text/javascript,${encodeURIComponent(NOTHING)}`;
  if (mode === "removed")
    registerHooks({
      resolve: (specifier, context, next) =>
        /(?:^#server|\.)\/tracing\.ts$/.test(specifier)
          ? { url, shortCircuit: true }
          : next(specifier, context),
    });
  const { initTracing } = await import("#server/tracing.ts");
  const on = mode === "off" || mode === "removed" ? "" : endpoint;
  await initTracing({ program: "proxy-auth", version: "bench", endpoint: on, sampleRatio: 1 });
  const { startBench } = await import("#server/proxy-auth/testing/bench.ts");
  const bench = await startBench();
  const admin = bench.panel.addUser("ops", { role: "admin" });
  const session = bench.panel.addSession(admin.id, "panel.test");
  await bench.announce();
  console.log(JSON.stringify({ port: bench.proxy.ports.forwardAuth, session }));
}

type Subject = { mode: Mode; pid: number; port: number; script: string; stop: () => void };

async function startSubject(mode: Mode, endpoint: string, directory: string): Promise<Subject> {
  const child = spawn(process.execPath, [import.meta.filename, mode, endpoint], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, session } = JSON.parse(line) as { port: number; session: string };
    const script = join(directory, `${mode}.lua`);
    writeFileSync(script, requests(mode, session));
    return { mode, pid: child.pid ?? 0, port, script, stop: () => child.kill() };
  }
  throw new Error("the subject did not start");
}

/** wrk's script: what Traefik asks, with a trace kept in every n-th request; without tracing it sends no such header. */
function requests(mode: Mode, session: string): string {
  const every = mode === "1" ? 1 : 100;
  const traceparent =
    mode === "off" || mode === "removed"
      ? ""
      : `n = n + 1
  headers["traceparent"] = string.format("00-%032x-%016x-%s", n, n, n % ${every} == 0 and "01" or "00")`;
  return `local n = 0
local headers = {
  ["Cookie"] = "__Host-causeway=${session}", ["X-Forwarded-Method"] = "GET", ["X-Forwarded-Proto"] = "https",
  ["X-Forwarded-Host"] = "panel.test", ["X-Forwarded-Uri"] = "/dashboard/", ["X-Forwarded-For"] = "127.0.0.1",
}
request = function()
  ${traceparent}
  return wrk.format("GET", "/forward-auth", headers)
end
`;
}

/** Of all threads, in nanoseconds where /proc/stat has hundredths of a second. */
function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8");
    return Number(text.split(" ")[0]);
  });
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e9;
}

type Measured = { perSecond: number; micros: number };

async function measure({ pid, port, script }: Subject): Promise<Measured> {
  const before = cpuSeconds(pid);
  const args = ["-t1", "-c64", `-d${SECONDS}s`, "-s", script, `http://127.0.0.1:${port}/forward-auth`];
  const { stdout } = await promisify(execFile)("wrk", args);
  if (/Non-2xx/.test(stdout)) throw new Error(`wrk met refusals:\n${stdout}`);
  const count = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { perSecond, micros: ((cpuSeconds(pid) - before) / count) * 1e6 };
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A collector that reads and forgets. */
async function startCollector() {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on("end", () => response.setHeader("content-type", "application/json").end("{}"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, received: () => bytes, stop: () => server.close() };
}

async function compare(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "causeway-tracing-"));
  const collector = await startCollector();
  const subjects = await Promise.all(MODES.map((mode) => startSubject(mode, collector.endpoint, directory)));
  const results = new Map<Mode, Measured[]>(MODES.map((mode) => [mode, []]));
  try {
    for (const subject of subjects) await measure(subject);
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = round % 2 === 0 ? subjects : subjects.toReversed();
      for (const subject of order) results.get(subject.mode)?.push(await measure(subject));
    }
  } finally {
    for (const subject of subjects) subject.stop();
    collector.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const base = results.get("removed") ?? [];
  console.info(`\nForwardAuth, cached session, ${ROUNDS} rounds of ${SECONDS} s each\n`);
  console.info("| tracing | decisions/s | ratio | CPU a decision, ratio |\n|---|---|---|---|");
  for (const [mode, rounds] of results) {
    const ratio = (of: (measured: Measured) => number) =>
      median(rounds.map((measured, round) => of(measured) / of(base[round] ?? measured))).toFixed(3);
    const rate = Math.round(median(rounds.map(({ perSecond }) => perSecond)));
    console.info(`| ${mode} | ${rate} | ${ratio((m) => m.perSecond)} | ${ratio((m) => m.micros)} |`);
  }
  console.info(`\nThe collector received ${(collector.received() / 1e6).toFixed(1)} MB of spans.`);
}

const mode = MODES.find((known) => known === process.argv[2]);
if (mode) {
  await serve(mode, process.argv[3] ?? "");
  process.once("SIGTERM", () => process.exit(0));
  await once(process, "exit");
} else await compare();
