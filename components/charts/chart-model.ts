import type { Chart } from "#lib/schemas/chart.ts";
import { isByDoor, type LineStyle, lineStyle } from "./line-style.ts";

/**
 * `stack`: bytes of buckets, on top of each other. `area`: rates on top of each other. `line`: each for itself.
 * `state`: 1 or 0, a strip each.
 */
export type ChartKind = "stack" | "area" | "line" | "state";
type Column = readonly (number | null)[];
export type ModelLine = {
  key: string;
  label: string;
  style: LineStyle;
  values: Column;
  before: Column | null;
};
export type ChartModel = {
  unit: Chart["unit"];
  kind: ChartKind;
  stepSeconds: number;
  /** Start of each point, seconds. */
  times: number[];
  lines: ModelLine[];
  /** Of all lines, where they add up to something. */
  total: Column | null;
  totalBefore: Column | null;
};

/** A chart's columns with names and looks; `hidden` lines keep their look but are not drawn. */
export function chartModel(
  chart: Chart,
  kind: ChartKind,
  labelOf: (key: string, isDoor: boolean) => string,
  hidden: ReadonlySet<string>,
): ChartModel {
  const from = Date.parse(chart.from) / 1_000;
  const isDoor = isByDoor(chart.lines.map(({ key }) => key));
  const lines = chart.lines
    .map(({ key, values, before }, index) => ({
      key,
      label: labelOf(key, isDoor),
      style: lineStyle(key, index, isDoor),
      values,
      before: before ?? null,
    }))
    .filter(({ key }) => !hidden.has(key));
  const isSum = kind === "stack" || kind === "area";
  const befores = lines.flatMap(({ before }) => (before === null ? [] : [before]));
  return {
    unit: chart.unit,
    kind,
    stepSeconds: chart.stepSeconds,
    times: Array.from({ length: chart.points }, (_, index) => from + index * chart.stepSeconds),
    lines,
    total: isSum ? addColumns(lines.map(({ values }) => values)) : null,
    totalBefore: isSum && befores.length > 0 ? addColumns(befores) : null,
  };
}

/** null only where nothing is known. */
export function addColumns(columns: readonly Column[]): Column {
  return (columns[0] ?? []).map((_, index) => {
    const known = columns.flatMap((column) => column[index] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}

/** Each column on top of those before it; a gap in one does not tear those above. */
export function stackColumns(columns: readonly Column[]): (number | null)[][] {
  return columns.map((column, place) => {
    const sums = addColumns(columns.slice(0, place + 1));
    const isAnyKnown = addColumns(columns);
    return column.map((_, index) => (isAnyKnown[index] === null ? null : (sums[index] ?? 0)));
  });
}

/** A value with a gap on both sides: a line would not show it. */
export function isolatedPoints(column: Column): number[] {
  return column.flatMap((value, index) =>
    value !== null && (column[index - 1] ?? null) === null && (column[index + 1] ?? null) === null
      ? [index]
      : [],
  );
}

export const isEmpty = (chart: Chart, isZeroEmpty: boolean): boolean =>
  chart.lines.every((line) => line.values.every((value) => value === null || (isZeroEmpty && value === 0)));

export const lastKnown = (column: Column): number | null =>
  column.findLast((value) => value !== null) ?? null;
