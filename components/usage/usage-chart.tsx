"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useTimeZone } from "#components/now.tsx";
import { METERED_DOORS, type MeteredDoor } from "#lib/doors.ts";
import { formatBytes } from "#lib/format-bytes.ts";
import type { UsageRange, UsageSeries } from "#lib/schemas/usage.ts";
import { DoorMark } from "./door-mark.tsx";
import { axisTime, bucketTime } from "./format-bucket.ts";

const TICK = { fill: "var(--color-ink-3)", fontSize: 12 };
type Point = { time: number } & Record<MeteredDoor, number>;

/** Traffic by door, stacked; the crosshair says the exact numbers. Loaded on its own: recharts is large. */
export function UsageChart({ series, range }: { series: UsageSeries; range: UsageRange }) {
  const format = useFormatter();
  const timeZone = useTimeZone();
  const points: Point[] = series.points.map(({ at, ...doors }) => ({ time: Date.parse(at), ...doors }));
  const tickText = (time: number) =>
    format.dateTime(new Date(time), axisTime(range, series.stepSeconds, timeZone));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <AreaChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--color-line)" />
        <XAxis
          dataKey="time"
          type="number"
          scale="time"
          domain={["dataMin", "dataMax"]}
          ticks={roundTicks(points, range, tickText)}
          tickFormatter={tickText}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--color-line-strong)" }}
          tickMargin={8}
          minTickGap={48}
        />
        <YAxis
          tickFormatter={formatBytes}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width={64}
          tickCount={5}
        />
        <Tooltip
          cursor={{ stroke: "var(--color-ink-3)", strokeDasharray: "3 3" }}
          isAnimationActive={false}
          content={({ active, payload }) => {
            const point: Point | undefined = payload?.[0]?.payload;
            return active && point ? <Exact point={point} stepSeconds={series.stepSeconds} /> : null;
          }}
        />
        {METERED_DOORS.map((door) => (
          <Area
            key={door}
            dataKey={door}
            stackId="doors"
            type="monotone"
            stroke="none"
            fill={`var(--color-${door})`}
            fillOpacity={0.85}
            isAnimationActive={false}
            activeDot={{ r: 3, strokeWidth: 0 }}
          />
        ))}
      </AreaChart>
    </ResponsiveContainer>
  );
}

/** Where a new day begins, or within one day every third hour; the axis then leaves out what has no room. */
function roundTicks(points: readonly Point[], range: UsageRange, text: (time: number) => string): number[] {
  const group = (time: number) =>
    range === "24h" ? String(Math.floor(Number.parseInt(text(time), 10) / 3)) : text(time);
  return points
    .map(({ time }) => time)
    .filter((time, index, times) => index > 0 && group(time) !== group(times[index - 1] ?? time));
}

function Exact({ point, stepSeconds }: { point: Point; stepSeconds: number }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const total = METERED_DOORS.reduce((sum, door) => sum + point[door], 0);
  return (
    <div className="flex min-w-44 flex-col gap-1 rounded-lg bg-raised p-3 text-sm shadow-pop">
      <p className="pb-1 text-ink-2 text-xs">
        {format.dateTime(new Date(point.time), bucketTime(stepSeconds, timeZone))}
      </p>
      {METERED_DOORS.map((door) => (
        <div key={door} className="flex justify-between gap-6">
          <DoorMark door={door} />
          <span className="tabular-nums">{formatBytes(point[door])}</span>
        </div>
      ))}
      <div className="mt-1 flex justify-between gap-6 border-t pt-1.5 font-medium">
        <span>{t("total")}</span>
        <span className="tabular-nums">{formatBytes(total)}</span>
      </div>
    </div>
  );
}
