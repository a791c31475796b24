import { expect, it } from "vitest";
import { apiMetrics } from "#server/api/http-metrics.ts";
import { addWebMetrics } from "#server/api/web-metrics.ts";
import { addCertificates } from "#server/certificate-metrics.ts";
import { createControllerMetrics } from "#server/controller/controller-metrics.ts";
import { addPostgresMetrics } from "#server/controller/postgres-metrics.ts";
import { addRedisMetrics } from "#server/controller/redis-metrics.ts";
import { addRevisionMetrics } from "#server/controller/revision-metrics.ts";
import { watchQueue } from "#server/jobs/watch-queue.ts";
import { createRegistry, type Registry } from "#server/metrics.ts";
import { addAgentMetrics, createAgentMetrics } from "#server/node-agent/agent-metrics.ts";
import { DoorsMetrics } from "#server/proxy-auth/doors-metrics.ts";
import { addProgramMetrics } from "#server/proxy-auth/program-metrics.ts";
import { addReadiness } from "#server/readiness.ts";

/** Nobody reads it here: metrics only register, and look at their sources when they are scraped. */
const unread = {} as never;
const nothing = () => [];

const REGISTRIES: Record<string, () => Registry> = {
  web() {
    const registry = createRegistry();
    apiMetrics(registry);
    addWebMetrics(registry, async () => []);
    return registry;
  },
  controller() {
    const { registry } = createControllerMetrics();
    addPostgresMetrics(registry, unread);
    addRevisionMetrics(registry, unread, unread);
    addRedisMetrics(registry, unread);
    addCertificates(registry, {});
    watchQueue(registry, unread);
    addReadiness(registry, [], nothing);
    return registry;
  },
  "proxy-auth"() {
    const registry = createRegistry();
    new DoorsMetrics(registry);
    addProgramMetrics(registry, unread);
    addReadiness(registry, [], nothing);
    return registry;
  },
  "node-agent"() {
    const metrics = createAgentMetrics();
    addAgentMetrics(metrics, {} as never, { places: unread, certificates: {} });
    return metrics.registry;
  },
};

type Row = { name: string; type: string; labels: string; unit: string; help: string };

/** prom-client's own type leaves these out. */
type Registered = { name: string; help: string; type: string; labelNames: string[] };

function rowsOf(registry: Registry): Row[] {
  return (registry.getMetricsAsArray() as unknown as Registered[])
    .filter(({ name }) => name.startsWith("causeway_"))
    .map(({ name, help, type, labelNames }) => ({
      name,
      type,
      labels: labelNames.map((label) => `\`${label}\``).join(" "),
      unit: unitOf(name),
      help,
    }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

const unitOf = (name: string) =>
  /_(seconds|bytes|ratio)(_total)?$/.exec(name)?.[1] ??
  (/_(up|info|ready|missing)$/.test(name) ? "1 or 0" : "");

const HEAD = "| name | type | labels | unit | meaning |\n|---|---|---|---|---|";
const table = (rows: readonly Row[]) =>
  [
    HEAD,
    ...rows.map(
      ({ name, type, labels, unit, help }) => `| \`${name}\` | ${type} | ${labels} | ${unit} | ${help} |`,
    ),
  ].join("\n");

const INTRODUCTION = `# Metrics

Each program answers Prometheus at \`/metrics\` on its inner listener, which is never reachable from outside. The \`job\` label is the program's name. Labels are closed lists or names that an operator gave (nodes, inbounds); never a user, an address or a secret. Rules that are computed from these, \`causeway:<what>:<unit>\`, are in \`docker/prometheus/rules.yml\`; alerts in \`docker/prometheus/alerts.yml\`, explained in [operations.md](operations.md).

Beside these every program has the process's own (\`process_*\`, \`nodejs_*\`), and Traefik, Prometheus and Xray are watched too: Traefik by its own metrics, Xray through the node agent, PostgreSQL and Redis through the controller, which needs no exporter for it.

This page is written by \`test/metrics-doc.test.ts\` from the programs' own registries, and held equal to them.
`;

it("docs/metrics.md lists every metric of every program", async () => {
  const rows = Object.entries(REGISTRIES).map(([program, open]) => ({ program, rows: rowsOf(open()) }));
  const [first, ...others] = rows;
  const isCommon = (row: Row) =>
    others.every((program) => program.rows.some((other) => JSON.stringify(other) === JSON.stringify(row)));
  const common = first?.rows.filter(isCommon) ?? [];
  const isOwn = (row: Row) => !common.some(({ name }) => name === row.name);
  const sections = rows.map((program) => `## ${program.program}\n\n${table(program.rows.filter(isOwn))}\n`);
  const text = [INTRODUCTION, `## Every program\n\n${table(common)}\n`, ...sections].join("\n");
  await expect(text).toMatchFileSnapshot("../docs/metrics.md");
});

it("names follow Prometheus's conventions", () => {
  for (const [program, open] of Object.entries(REGISTRIES)) {
    for (const { name, type, help } of rowsOf(open())) {
      expect(name.endsWith("_total"), `${program} ${name}`).toBe(type === "counter");
      expect(name, program).not.toMatch(/_(ms|millis|minutes|kb|mb|percent)(_|$)/);
      expect(help, `${program} ${name}`).toMatch(/^.{2,}[.)]$/);
    }
  }
});
