import { LRUCache } from "lru-cache";
import type { z } from "zod";
import { askedTime, type ChartWindow, chooseStep } from "#lib/chart-window.ts";
import type { MetricSeries } from "#lib/metric-series.ts";
import { type Chart, metricQuerySchema } from "#lib/schemas/chart.ts";
import type { Context } from "#server/context.ts";
import { forbidden, invalidInput, unavailable } from "#server/errors.ts";
import { CATALOGUE, type LineQuery, type SeriesDefinition } from "./catalogue.ts";
import { queryPrometheus } from "./query-prometheus.ts";

type Query = z.output<typeof metricQuerySchema>;
export type MetricSource = {
  /** Empty: this installation has none. */
  prometheusUrl: string;
  now: number;
};

const MOST_POINTS = 300;
const STEPS = [15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 10_800, 28_800, 86_400, 259_200].map(
  (seconds) => seconds * 1_000,
);
/** Four scrapes at 15 s, so that a missed one leaves no hole. */
const LEAST_WINDOW_SECONDS = 60;
/** More lines than this cannot be told apart. */
const MOST_LINES = 8;

/** Many panels that look at the same chart ask once. */
const cache = new LRUCache<string, Promise<Chart>>({ max: 500, ttl: 5_000 });

/** One named series over time from Prometheus. Throws UNAVAILABLE while that is away. */
export async function getMetricSeries({
  ctx,
  series,
  query: input = {},
  source,
}: {
  ctx: Context;
  series: MetricSeries;
  query?: z.input<typeof metricQuerySchema>;
  source: MetricSource;
}): Promise<Chart> {
  if (ctx.actor.role === "user") throw forbidden();
  if (source.prometheusUrl === "")
    throw unavailable("This installation runs without Prometheus, so there are no rates and times to show.");
  const query = metricQuerySchema.parse(input);
  const definition: SeriesDefinition = CATALOGUE[series];
  const window = metricWindow(query, source.now);
  const where = matchers(series, definition, query);
  const key = [source.prometheusUrl, series, where, query.compare, Object.values(window)].join(" ");
  const known = cache.get(key);
  if (known) return known;
  const asked = readChart(source.prometheusUrl, definition, where, window, query.compare === "true");
  cache.set(key, asked);
  asked.catch(() => cache.delete(key));
  return asked;
}

function metricWindow(query: Query, now: number): ChartWindow {
  const asked = askedTime(query, now);
  if (asked === null)
    throw invalidInput("The range is empty or longer than two years.", [
      { path: "from", message: "Choose a start before the end, in the past." },
    ]);
  const stepMs = chooseStep(asked.toMs - asked.fromMs, STEPS, MOST_POINTS);
  const fromMs = Math.ceil(asked.fromMs / stepMs) * stepMs;
  return { fromMs, stepMs, points: Math.floor((asked.toMs - fromMs) / stepMs) + 1 };
}

/** The schema lets only plain words through; quotes need no escape. */
function matchers(series: MetricSeries, { filters }: SeriesDefinition, query: Query): string {
  return (["node", "door"] as const)
    .flatMap((name) => {
      const value = query[name];
      if (value === undefined) return [];
      if (!filters.includes(name))
        throw invalidInput(`${series} is not kept by ${name}.`, [
          { path: name, message: `Leave ${name} out.` },
        ]);
      return [`${name}="${value}"`];
    })
    .join(",");
}

async function readChart(
  prometheusUrl: string,
  definition: SeriesDefinition,
  where: string,
  window: ChartWindow,
  withBefore: boolean,
): Promise<Chart> {
  const least = definition.leastWindowSeconds ?? LEAST_WINDOW_SECONDS;
  const seconds = Math.max(least, window.stepMs / 1_000);
  const read = async (line: LineQuery, at: ChartWindow) => {
    const expr = line.expr.replaceAll("$where", where).replaceAll("$w", `${seconds}s`);
    const found = await queryPrometheus(prometheusUrl, expr, at);
    return found.map(({ labels, values }) => ({
      key: "key" in line ? line.key : (labels[line.by] ?? ""),
      values,
    }));
  };
  const readAll = async (at: ChartWindow) =>
    (await Promise.all(definition.lines.map((line) => read(line, at)))).flat();
  const span = window.points * window.stepMs;
  const [lines, before] = await Promise.all([
    readAll(window),
    withBefore ? readAll({ ...window, fromMs: window.fromMs - span }) : null,
  ]);
  const nothing = (): null[] => Array.from({ length: window.points }, () => null);
  const all = withBefore
    ? lines.map((line) => ({
        ...line,
        before: before?.find(({ key }) => key === line.key)?.values ?? nothing(),
      }))
    : lines;
  const kept = isOrdered(definition) ? all : all.sort((a, b) => weight(b.values) - weight(a.values));
  return {
    unit: definition.unit,
    from: new Date(window.fromMs).toISOString(),
    stepSeconds: window.stepMs / 1_000,
    points: window.points,
    lines: kept.slice(0, MOST_LINES),
    omitted: Math.max(0, kept.length - MOST_LINES),
  };
}

const isOrdered = ({ lines }: SeriesDefinition) => lines.every((line) => "key" in line);
const weight = (values: readonly (number | null)[]) =>
  values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
