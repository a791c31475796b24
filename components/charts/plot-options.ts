import uPlot from "uplot";
import { formatMeasure } from "#lib/format-measure.ts";
import { type ChartModel, isolatedPoints } from "./chart-model.ts";
import type { PlotSeries } from "./plot-data.ts";

const DAY_SECONDS = 86_400;
const FONT_SIZE = 11;

type Input = {
  model: ChartModel;
  series: PlotSeries[];
  width: number;
  height: number;
  /** The page's font: a canvas inherits nothing. */
  font: string;
  /** A CSS colour as it is now, in this theme. */
  colour: (css: string) => string;
  tickText: (seconds: number, isDay: boolean) => string;
  syncKey: string;
  onCursor: (plot: uPlot) => void;
  onZoom: ((fromSeconds: number, toSeconds: number) => void) | null;
};

/** Axes, lines and pointer of one chart; everything coloured at drawing time, so that a change of theme redraws it. */
export function plotOptions(input: Input): uPlot.Options {
  const { model, colour, onZoom } = input;
  const axis = {
    font: `${FONT_SIZE}px ${input.font}`,
    stroke: () => colour("var(--color-ink-3)"),
    ticks: { show: false },
  };
  return {
    width: input.width,
    height: input.height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    ...(model.stepSeconds >= DAY_SECONDS
      ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC") }
      : {}),
    cursor: {
      y: false,
      points: model.kind === "stack" ? { show: false } : { size: 7, width: 2 },
      drag: { x: onZoom !== null, y: false, setScale: false, dist: 8 },
      sync: { key: input.syncKey, setSeries: false, scales: ["x", null] },
      bind: { dblclick: () => () => null },
    },
    scales: {
      x: { time: true, range: (_, min, max) => [min, max === min ? min + model.stepSeconds : max] },
      y: { range: (_, __, max) => [0, topOf(model.unit, max)] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        gap: 8,
        space: 72,
        grid: { show: false },
        border: { show: true, stroke: () => colour("var(--color-line-strong)"), width: 1 },
        values: (_, splits) =>
          splits.map((seconds) => {
            const apart = (splits[1] ?? 0) - (splits[0] ?? 0);
            return input.tickText(seconds, apart >= DAY_SECONDS || isMidnight(seconds));
          }),
      },
      {
        ...axis,
        size: (plot, values) => axisWidth(plot, values),
        gap: 6,
        space: 36,
        grid: { stroke: () => colour("var(--color-line)"), width: 1 },
        values: (_, splits) => splits.map((value) => formatMeasure(model.unit, value)),
        ...(model.unit === "count" ? { incrs: COUNT_STEPS } : {}),
      },
    ],
    series: [{}, ...input.series.map((series) => seriesOptions(input, series))],
    bands:
      model.total === null
        ? []
        : model.lines.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })),
    hooks: {
      setCursor: [input.onCursor],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 8 || onZoom === null) return;
          onZoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** As wide as its longest label, so that charts begin where their titles do. */
function axisWidth(plot: uPlot, values: string[] | null): number {
  plot.ctx.save();
  plot.ctx.font = String(plot.axes[1]?.font?.[0] ?? plot.ctx.font);
  const widest = Math.max(0, ...(values ?? []).map((text) => plot.ctx.measureText(text).width));
  plot.ctx.restore();
  return Math.ceil(widest / devicePixelRatio) + 10;
}

function seriesOptions({ model, colour }: Input, { line, isBefore }: PlotSeries): uPlot.Series {
  const style = line === null ? null : (model.lines[line]?.style ?? null);
  const css = style?.color ?? "var(--color-ink-3)";
  const paths = model.kind === "stack" ? uPlot.paths.stepped?.({ align: 1 }) : uPlot.paths.linear?.();
  const shape = paths ? { paths } : {};
  if (isBefore) {
    const faded = style === null ? css : `color-mix(in oklab, ${css} 60%, transparent)`;
    return { ...shape, stroke: () => colour(faded), width: 1.25, dash: [3, 3], points: { show: false } };
  }
  const isFilled = model.kind !== "line";
  return {
    ...shape,
    stroke: () => colour(css),
    width: isFilled ? 1.25 : 1.5,
    dash: style?.dash ?? [],
    ...(isFilled ? { fill: () => colour(`color-mix(in oklab, ${css} var(--chart-fill), transparent)`) } : {}),
    points: {
      size: 4,
      fill: () => colour(css),
      filter: (plot, index) => isolatedPoints((plot.data[index] ?? []) as (number | null)[]),
    },
  };
}

const COUNT_STEPS = [1, 2, 5]
  .flatMap((first) => [0, 1, 2, 3, 4, 5, 6].map((power) => first * 10 ** power))
  .sort((a, b) => a - b);
const FLOOR = {
  bytes: 1_000,
  "bytes-per-second": 1_000,
  count: 4,
  "per-second": 1,
  seconds: 0.001,
  ratio: 1,
  cores: 0.1,
};

/** A little air above the highest, and an axis that means something when all is zero. */
function topOf(unit: ChartModel["unit"], max: number | null): number {
  const least = FLOOR[unit];
  return unit === "ratio" ? Math.max(1, max ?? 0) : Math.max(least, (max ?? 0) * 1.08);
}

function isMidnight(seconds: number): boolean {
  const at = new Date(seconds * 1_000);
  return at.getHours() === 0 && at.getMinutes() === 0;
}
