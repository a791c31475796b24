import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRIC_SERIES, type MetricSeries } from "#lib/metric-series.ts";
import { cliContext, userContext } from "#test/database.ts";
import { type Sampled, startPrometheus, type TestPrometheus } from "#test/prometheus.ts";
import { CATALOGUE } from "./catalogue.ts";
import { getMetricSeries } from "./get-metric-series.ts";

const MINUTE_MS = 60_000;
const to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 180 * MINUTE_MS;
const from = to - 40 * MINUTE_MS;
const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() } as const;

let prometheus: TestPrometheus;
/** In front of the real one, so that what is asked can be counted. */
let counting: Server;
let asked: string[] = [];
let source: { prometheusUrl: string; now: number };

const job = (name: string, labels: Record<string, string> = {}) => ({ job: name, instance: "a", ...labels });
const counter = (name: string, labels: Record<string, string>, perSecond = 1): Sampled => ({
  name,
  type: "counter",
  labels,
  value: (seconds) => Math.round(seconds * perSecond),
});
const gauge = (name: string, labels: Record<string, string>, value = 3): Sampled => ({
  name,
  type: "gauge",
  labels,
  value: () => value,
});
const histogram = (name: string, labels: Record<string, string>): Sampled[] =>
  [
    ["0.01", 1],
    ["0.1", 3],
    ["+Inf", 4],
  ].map(([le, perSecond]) => counter(`${name}_bucket`, { ...labels, le: String(le) }, Number(perSecond)));

/** What the programs say, one label set or two of each. */
const SAMPLES: Sampled[] = [
  ...["http", "socks"].flatMap((door) => [
    counter("causeway_door_bytes_total", job("proxy-auth", { door, direction: "down" }), 1_000),
    counter("causeway_tunnels_opened_total", job("proxy-auth", { door })),
    gauge("causeway_users_online", job("proxy-auth", { door })),
    gauge("causeway_connections_open", job("proxy-auth", { door })),
    ...histogram("causeway_change_effect_seconds", job("proxy-auth", { door })),
  ]),
  counter(
    "causeway_door_bytes_total",
    job("node-agent", { node: "local", door: "vpn", direction: "up" }),
    500,
  ),
  gauge("causeway_connections_open", job("node-agent", { node: "local", door: "vpn" }), 7),
  counter("causeway_tunnels_refused_total", job("proxy-auth", { door: "http", reason: "wrong-password" })),
  counter("causeway_limits_hit_total", job("proxy-auth", { door: "http", limit: "connections" })),
  counter("causeway_forward_auth_decisions_total", job("proxy-auth", { outcome: "allow" })),
  ...histogram("causeway_forward_auth_duration_seconds", job("proxy-auth")),
  counter("causeway_cache_lookups_total", job("proxy-auth", { cache: "session", result: "hit" }), 3),
  counter("causeway_cache_lookups_total", job("proxy-auth", { cache: "session", result: "miss" })),
  ...Array.from({ length: 12 }, (_, index) => ({
    method: "GET",
    route: `/r${index}`,
    status: "500",
  })).flatMap((labels, index) => [
    counter("causeway_http_request_duration_seconds_count", job("web", labels), index + 1),
    ...histogram("causeway_http_request_duration_seconds", job("web", labels)),
  ]),
  ...histogram("causeway_node_apply_duration_seconds", job("node-agent", { node: "local" })),
  gauge("causeway_revision_behind", job("controller", { consumer: "node:local" }), 0),
  gauge("causeway_journal_oldest_seconds", job("proxy-auth")),
  gauge("causeway_journal_entries", job("proxy-auth")),
  counter("causeway_node_drift_found_total", job("node-agent", { node: "local" })),
  counter("causeway_node_drift_healed_total", job("node-agent", { node: "local" })),
  gauge("causeway_queue_jobs", job("controller", { queue: "mail", state: "waiting" })),
  gauge("causeway_queue_oldest_seconds", job("controller", { queue: "mail" })),
  gauge("up", job("web"), 1),
  gauge("causeway_node_up", job("controller", { node: "local" }), 1),
  counter("process_cpu_seconds_total", job("web"), 0.1),
  gauge("process_resident_memory_bytes", job("web"), 1e8),
  gauge("nodejs_eventloop_lag_p99_seconds", job("web"), 0.01),
  gauge("causeway_disk_free_bytes", job("node-agent", { node: "local", path: "data" }), 25),
  gauge("causeway_disk_size_bytes", job("node-agent", { node: "local", path: "data" }), 100),
  gauge("causeway_postgres_connections", job("controller", { state: "active" })),
  gauge("causeway_postgres_cache_hit_ratio", job("controller"), 0.99),
  counter("causeway_tunnels_cut_total", job("proxy-auth", { reason: "switched-off" })),
  counter("causeway_postgres_transactions_total", job("controller", { result: "commit" })),
  gauge("causeway_postgres_database_bytes", job("controller"), 1e7),
  gauge("causeway_redis_memory_bytes", job("controller"), 1e6),
  counter("causeway_redis_commands_total", job("controller")),
  counter("causeway_xray_traffic_bytes_total", job("node-agent", { node: "local", inbound: "edge" }), 100),
  gauge("causeway_xray_memory_bytes", job("node-agent", { node: "local" }), 5e7),
  gauge("causeway_xray_goroutines", job("node-agent", { node: "local" }), 40),
  counter("causeway_node_xray_starts_total", job("node-agent", { node: "local" }), 0.01),
];

beforeAll(async () => {
  prometheus = await startPrometheus(SAMPLES, from - 5 * MINUTE_MS, to);
  counting = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    asked.push(new URLSearchParams(body).get("query") ?? "");
    const answer = await fetch(`${prometheus.url}${request.url}`, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => counting.listen(0, "127.0.0.1", resolve));
  const { port } = counting.address() as AddressInfo;
  source = { prometheusUrl: `http://127.0.0.1:${port}`, now: Date.now() };
});
afterAll(async () => {
  counting.closeAllConnections();
  counting.close();
  await prometheus.stop();
});

const get = (series: MetricSeries, query = {}) =>
  getMetricSeries({ ctx: cliContext(), series, query: { ...range, ...query }, source });

describe("the catalogue, asked of a real Prometheus", () => {
  it.each(METRIC_SERIES)("%s is accepted and has data in lines that have names", async (series) => {
    const chart = await get(series);
    expect(chart.lines.length).toBeGreaterThan(0);
    for (const line of chart.lines) {
      expect(line.key).not.toBe("");
      expect(line.values).toHaveLength(chart.points);
      expect(line.values.some((value) => value !== null)).toBe(true);
    }
  });

  it("says what it narrows a series down by, and each of those is accepted", async () => {
    for (const series of METRIC_SERIES)
      for (const filter of CATALOGUE[series].filters)
        await get(series, filter === "node" ? { node: "local" } : { door: "http" });
    const vpn = await get("connections", { node: "local" });
    expect(vpn.lines).toMatchObject([{ key: "vpn" }]);
    expect(vpn.lines[0]?.values.at(-1)).toBe(7);
  });
});

describe("getMetricSeries", () => {
  it("computes rates, percentiles and shares", async () => {
    const last = async (series: MetricSeries, key: string, query = {}) =>
      (await get(series, query)).lines.find((line) => line.key === key)?.values.at(-2);
    expect(await last("throughput", "http")).toBeCloseTo(1_000, 0);
    expect(await last("cache-hits", "session")).toBeCloseTo(0.75, 2);
    expect(await last("disk", "data")).toBe(0.75);
    expect(await last("decision-time", "p50")).toBeCloseTo(0.055, 2);
  });

  it("keeps the eight largest lines and says how many are left out", async () => {
    const chart = await get("api-requests");
    expect(chart.lines.map(({ key }) => key).slice(0, 2)).toEqual(["/r11", "/r10"]);
    expect(chart).toMatchObject({ omitted: 4 });
    expect(chart.lines).toHaveLength(8);
  });

  it("shows what Prometheus does not know as gaps, not as zeros", async () => {
    const chart = await get("memory", { from: new Date(from - 60 * MINUTE_MS).toISOString() });
    expect(chart.lines[0]?.values[0]).toBeNull();
    expect(chart.lines[0]?.values.at(-1)).toBe(1e8);
  });

  it("puts the period before beside it", async () => {
    const half = { from: new Date(to - 20 * MINUTE_MS).toISOString(), compare: "true" };
    const [line] = (await get("throughput", half)).lines;
    expect(line?.before?.at(-1)).toBeCloseTo(line?.values.at(-2) ?? 0, -1);
  });

  it.each(["1h", "6h", "24h", "7d", "30d", "90d"] as const)(
    "needs at most 300 points for %s",
    async (span) => {
      const chart = await getMetricSeries({
        ctx: cliContext(),
        series: "memory",
        query: { range: span },
        source,
      });
      expect(chart.points).toBeLessThanOrEqual(301);
      expect(chart.points).toBeGreaterThan(100);
    },
  );

  it("asks Prometheus once for many who look at the same time", async () => {
    asked = [];
    const query = { from: new Date(from + MINUTE_MS).toISOString() };
    await Promise.all(Array.from({ length: 20 }, () => get("redis-memory", query)));
    await get("redis-memory", query);
    expect(asked).toHaveLength(1);
  });

  it("is for operators, takes no unknown filter and nothing that would reach the query", async () => {
    const person = { ctx: userContext({ role: "user" }), series: "cpu" as const, source };
    await expect(getMetricSeries(person)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(get("redis-memory", { door: "http" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(get("cpu", { node: 'a"} or vector(1) #' })).rejects.toThrow();
    await expect(get("cpu", { from: range.to, to: range.from })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("says in words that Prometheus is away, and forgets that at once", async () => {
    const gone = { prometheusUrl: "http://127.0.0.1:1", now: Date.now() };
    for (let time = 0; time < 2; time++)
      await expect(getMetricSeries({ ctx: cliContext(), series: "cpu", source: gone })).rejects.toMatchObject(
        { code: "UNAVAILABLE", message: expect.stringContaining("does not answer") },
      );
    await expect(
      getMetricSeries({ ctx: cliContext(), series: "cpu", source: { prometheusUrl: "", now: Date.now() } }),
    ).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("without Prometheus") });
  });
});
