import { METERED_DOORS } from "#lib/doors.ts";
import type { UsageSeries } from "#lib/schemas/usage.ts";

const DAY_SECONDS = 86_400;
/** As many steps as an eye can tell apart on a phone. */
const MOST_POINTS = 64;
const STEPS_SECONDS = [300, 900, 1_800, 3_600, 10_800, 21_600, DAY_SECONDS];

/** Buckets added up to wider ones that start on round times; a first one that would be cut is left out. */
export function coarsenSeries(series: UsageSeries): UsageSeries {
  const wanted = (series.points.length * series.stepSeconds) / MOST_POINTS;
  const stepSeconds = Math.max(
    series.stepSeconds,
    STEPS_SECONDS.find((step) => step >= wanted && step % series.stepSeconds === 0) ?? series.stepSeconds,
  );
  const first = series.points[0];
  if (stepSeconds === series.stepSeconds || !first) return series;
  const stepMs = stepSeconds * 1_000;
  const start = Math.ceil(Date.parse(first.at) / stepMs) * stepMs;
  const points = new Map<number, UsageSeries["points"][number]>();
  for (const point of series.points) {
    const time = Math.floor(Date.parse(point.at) / stepMs) * stepMs;
    if (time < start) continue;
    const sum = points.get(time) ?? { at: new Date(time).toISOString(), vpn: 0, http: 0, socks: 0 };
    for (const door of METERED_DOORS) sum[door] += point[door];
    points.set(time, sum);
  }
  return { stepSeconds, points: [...points.values()] };
}
