import type { AlignedData } from "uplot";
import { type ChartModel, stackColumns } from "./chart-model.ts";

type Column = readonly (number | null)[];
/** One drawn column: a line's own, or the same time one period before. */
export type PlotSeries = { line: number | null; isBefore: boolean };

/** What is drawn, in drawing order; x in seconds. */
export function plotData(model: ChartModel): { data: AlignedData; series: PlotSeries[] } {
  const values = model.lines.map((line) => line.values);
  const columns: Column[] = [...(model.total === null ? values : stackColumns(values))];
  const series: PlotSeries[] = model.lines.map((_, line) => ({ line, isBefore: false }));
  if (model.totalBefore !== null) {
    columns.push(model.totalBefore);
    series.push({ line: null, isBefore: true });
  } else if (model.kind === "line")
    for (const [line, { before }] of model.lines.entries()) {
      if (before === null) continue;
      columns.push(before);
      series.push({ line, isBefore: true });
    }
  const isBuckets = model.kind === "stack";
  // A bucket is as wide as its step: the last one needs an end.
  const end = (model.times.at(-1) ?? 0) + model.stepSeconds;
  const times = isBuckets ? [...model.times, end] : model.times;
  const drawn = isBuckets ? columns.map((column) => [...column, column.at(-1) ?? null]) : columns;
  return { data: [times, ...drawn] as AlignedData, series };
}
