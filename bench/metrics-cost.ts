import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Counter, Gauge, Histogram } from "prom-client";
import { createRegistry } from "#server/metrics.ts";
import { DoorsMetrics } from "#server/proxy-auth/doors-metrics.ts";
import { startBench } from "#server/proxy-auth/testing/bench.ts";
import { QuickCounter, QuickHistogram } from "#server/quick-metrics.ts";

/**
 * `node bench/metrics-cost.ts`: what metrics cost ForwardAuth, as a ratio within one run. Two proxy-auths, one of them
 * with metrics that count nothing and that nobody scrapes, take turns under the same load (wrk, cached session).
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SCRAPE_EVERY_MS = 1_000;

async function serve(withMetrics: boolean): Promise<void> {
  if (!withMetrics) {
    const nothing = () => {};
    Object.assign(Counter.prototype, { inc: nothing });
    Object.assign(Gauge.prototype, { set: nothing, inc: nothing, dec: nothing });
    Object.assign(QuickCounter.prototype, { inc: nothing });
    Object.assign(QuickHistogram.prototype, { record: nothing, startTimer: () => () => 0 });
    Object.assign(Histogram.prototype, { observe: nothing, zero: nothing, startTimer: () => () => 0 });
  }
  const bench = await startBench();
  const admin = bench.panel.addUser("ops", { role: "admin" });
  const session = bench.panel.addSession(admin.id, "panel.test");
  await bench.announce();
  console.log(JSON.stringify({ port: bench.proxy.ports.forwardAuth, session }));
}

type Subject = { port: number; session: string; cpuSeconds: () => Promise<number>; stop: () => void };

async function startSubject(mode: "on" | "off"): Promise<Subject> {
  const child = spawn(process.execPath, [import.meta.filename, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, session } = JSON.parse(line) as { port: number; session: string };
    const cpuSeconds = async () => {
      const { stdout } = await promisify(execFile)("cat", [`/proc/${child.pid}/stat`]);
      const fields = stdout.slice(stdout.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    };
    return { port, session, cpuSeconds, stop: () => child.kill() };
  }
  throw new Error("the subject did not start");
}

/** Decisions a second, and microseconds of CPU each. */
async function measure({
  port,
  session,
  cpuSeconds,
}: Subject): Promise<{ perSecond: number; micros: number }> {
  const headers = [
    `Cookie: __Host-causeway=${session}`,
    "X-Forwarded-Method: GET",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: panel.test",
    "X-Forwarded-Uri: /dashboard/",
    "X-Forwarded-For: 127.0.0.1",
  ].flatMap((header) => ["-H", header]);
  const before = await cpuSeconds();
  const url = `http://127.0.0.1:${port}/forward-auth`;
  const args = ["-t1", "-c64", `-d${SECONDS}s`, ...headers, url];
  const { stdout } = await promisify(execFile)("wrk", args);
  if (/Non-2xx/.test(stdout)) throw new Error(`wrk met refusals:\n${stdout}`);
  const count = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { perSecond, micros: (((await cpuSeconds()) - before) / count) * 1e6 };
}

/** The same in one process and without a network: exact also on a busy machine. */
async function measureAlone(): Promise<{ nanosADecision: number; millisAScrape: number }> {
  const registry = createRegistry();
  const metrics = new DoorsMetrics(registry);
  const count = metrics.countLookups("session");
  const decide = () => {
    const stop = metrics.decisionSeconds.startTimer();
    count(true);
    stop();
    metrics.decisions.inc({ outcome: "allow" });
  };
  const cpuMicros = async (times: number, run: () => unknown) => {
    for (let i = 0; i < times; i += 1) await run();
    const before = process.cpuUsage();
    for (let i = 0; i < times; i += 1) await run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
  const many = 1_000_000;
  const decisions = () => {
    for (let i = 0; i < many; i += 1) decide();
  };
  return {
    nanosADecision: ((await cpuMicros(2, decisions)) / many) * 1_000,
    millisAScrape: (await cpuMicros(200, () => registry.metrics())) / 1_000,
  };
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function compare(): Promise<void> {
  const on = await startSubject("on");
  const off = await startSubject("off");
  const scraping = setInterval(() => {
    fetch(`http://127.0.0.1:${on.port}/metrics`).then(
      (response) => response.text(),
      () => undefined,
    );
  }, SCRAPE_EVERY_MS);
  const results = { on: [] as number[], off: [] as number[], cpu: [] as number[], rate: [] as number[] };
  try {
    await measure(on);
    await measure(off);
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = await measure(round % 2 === 0 ? on : off);
      const second = await measure(round % 2 === 0 ? off : on);
      const [withMetrics, without] = round % 2 === 0 ? [first, second] : [second, first];
      results.on.push(withMetrics.perSecond);
      results.off.push(without.perSecond);
      results.cpu.push(withMetrics.micros / without.micros);
      results.rate.push(withMetrics.perSecond / without.perSecond);
    }
  } finally {
    clearInterval(scraping);
    on.stop();
    off.stop();
  }
  console.info(
    `\nForwardAuth, cached session, ${ROUNDS} rounds of ${SECONDS} s each, scraped every second\n`,
  );
  console.info("| measure | with metrics | without | ratio |\n|---|---|---|---|");
  console.info(
    `| decisions/s | ${Math.round(median(results.on))} | ${Math.round(median(results.off))} | ${median(results.rate).toFixed(3)} |`,
  );
  console.info(`| CPU a decision | | | ${median(results.cpu).toFixed(3)} |`);
  const { nanosADecision, millisAScrape } = await measureAlone();
  console.info(
    `\nAlone: ${nanosADecision.toFixed(0)} ns of CPU a decision, ${millisAScrape.toFixed(1)} ms a scrape`,
  );
}

const mode = process.argv[2];
if (mode === "on" || mode === "off") {
  await serve(mode === "on");
  process.once("SIGTERM", () => process.exit(0));
  await once(process, "exit");
} else await compare();
