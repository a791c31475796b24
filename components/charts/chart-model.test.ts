import { describe, expect, it } from "vitest";
import type { Chart } from "#lib/schemas/chart.ts";
import { addColumns, chartModel, isEmpty, isolatedPoints, stackColumns } from "./chart-model.ts";
import { plotData } from "./plot-data.ts";

const chart = (lines: Chart["lines"]): Chart => ({
  unit: "bytes",
  from: "2026-11-23T00:00:00.000Z",
  stepSeconds: 60,
  points: lines[0]?.values.length ?? 0,
  lines,
  omitted: 0,
});
const model = (lines: Chart["lines"], kind: "stack" | "area" | "line", hidden: string[] = []) =>
  chartModel(chart(lines), kind, (key) => key, new Set(hidden));

describe("columns", () => {
  it("know nothing only where none of them knows", () => {
    expect(addColumns([])).toEqual([]);
    expect(
      addColumns([
        [1, null, null],
        [2, 3, null],
      ]),
    ).toEqual([3, 3, null]);
  });

  it("stand on top of each other; one's gap does not tear those above, a gap of all stays one", () => {
    expect(
      stackColumns([
        [1, null, null],
        [2, 3, null],
      ]),
    ).toEqual([
      [1, 0, null],
      [3, 3, null],
    ]);
  });

  it("have points that no line would show", () => {
    expect(isolatedPoints([1, null, 2, null, 3, 4, null])).toEqual([0, 2]);
  });
});

describe("chartModel", () => {
  const doors = [
    { key: "vpn", values: [1, 2], before: [5, 6] },
    { key: "http", values: [3, null], before: [7, null] },
  ];

  it("gives doors the same look everywhere, also when others are hidden", () => {
    const both = model(doors, "stack").lines.map(({ style }) => style);
    const [http] = model(doors, "stack", ["vpn"]).lines;
    expect(http?.style).toEqual(both[1]);
    expect(http?.style.mark).toBe("square");
  });

  it("does not take the program web for the door web", () => {
    const [web] = model(
      [
        { key: "web", values: [1] },
        { key: "controller", values: [1] },
      ],
      "line",
    ).lines;
    expect(web?.style.mark).toBe("line");
  });

  it("sums what adds up, now and before, and not what does not", () => {
    expect(model(doors, "stack")).toMatchObject({ total: [4, 2], totalBefore: [12, 6] });
    expect(model(doors, "line")).toMatchObject({ total: null, totalBefore: null });
  });

  it("calls zeros empty only where zeros are nothing", () => {
    const zeros = chart([{ key: "vpn", values: [0, null] }]);
    expect([isEmpty(zeros, true), isEmpty(zeros, false), isEmpty(chart([]), false)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("draws buckets as wide as they are, and the period before as one line", () => {
    const { data, series } = plotData(model(doors, "stack"));
    expect(data[0]).toHaveLength(3);
    expect(Number(data[0][2]) - Number(data[0][0])).toBe(120);
    expect(data.slice(1)).toEqual([
      [1, 2, 2],
      [4, 2, 2],
      [12, 6, 6],
    ]);
    expect(series.at(-1)).toEqual({ line: null, isBefore: true });
    expect(plotData(model(doors, "line")).series).toHaveLength(4);
  });
});
