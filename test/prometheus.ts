import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** One metric's samples: value of each label set at a time, seconds since the first sample. */
export type Sampled = {
  name: string;
  type: "counter" | "gauge";
  labels: Record<string, string>;
  value: (seconds: number) => number;
};
export type TestPrometheus = { url: string; stop(): Promise<void> };

const STEP_SECONDS = 15;

/** A real Prometheus that holds `samples` from `fromMs` to `toMs`, and scrapes nothing. */
export async function startPrometheus(
  samples: readonly Sampled[],
  fromMs: number,
  toMs: number,
): Promise<TestPrometheus> {
  const dir = mkdtempSync(join(tmpdir(), "causeway-prometheus-"));
  writeFileSync(join(dir, "data.om"), openMetrics(samples, fromMs, toMs));
  await promisify(execFile)("promtool", [
    "tsdb",
    "create-blocks-from",
    "openmetrics",
    join(dir, "data.om"),
    join(dir, "data"),
  ]);
  writeFileSync(join(dir, "prometheus.yml"), "scrape_configs: []\n");
  const port = await freePort();
  const child = spawn("prometheus", [
    `--config.file=${join(dir, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(dir, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=error",
  ]);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(url, child);
  return {
    url,
    async stop() {
      process.removeListener("exit", kill);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      kill();
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** https://github.com/prometheus/OpenMetrics: samples of one metric stand together, a metric's type before them. */
function openMetrics(samples: readonly Sampled[], fromMs: number, toMs: number): string {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const lines = [...byName].flatMap(([name, series]) => [
    `# TYPE ${series[0]?.type === "counter" ? name.replace(/_total$/, "") : name} ${name.endsWith("_total") ? "counter" : "gauge"}`,
    ...series.flatMap(({ labels, value }) => {
      const text = Object.entries(labels)
        .map(([label, of]) => `${label}=${JSON.stringify(of)}`)
        .join(",");
      const count = Math.floor((toMs - fromMs) / 1_000 / STEP_SECONDS);
      return Array.from({ length: count }, (_, index) => {
        const seconds = index * STEP_SECONDS;
        return `${name}{${text}} ${value(seconds)} ${fromMs / 1_000 + seconds}`;
      });
    }),
  ]);
  return `${lines.join("\n")}\n# EOF\n`;
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error("Prometheus for the tests did not start.");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
