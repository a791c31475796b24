import { base, type Common, defaults, GREEN, overridesOf, RED } from "./panel-base.ts";
import type {
  BarGaugePanel,
  HeatmapPanel,
  StateTimelinePanel,
  StatPanel,
  TablePanel,
  TimeSeriesPanel,
} from "./schema.ts";

type LinesOptions = Common & { isStacked?: boolean; isBars?: boolean; hasTable?: boolean; isLog?: boolean };

/** Lines over time. The legend says last and highest; limits are dashed lines. */
export function lines(options: LinesOptions): TimeSeriesPanel {
  const { isStacked = false, isBars = false, hasTable = false, isLog = false, limits, colors } = options;
  return {
    ...base(options),
    type: "timeseries",
    fieldConfig: {
      defaults: {
        ...defaults({ min: 0, ...options }),
        color: { mode: "palette-classic-by-name" },
        custom: {
          drawStyle: isBars ? "bars" : "line",
          lineInterpolation: "linear",
          lineWidth: isBars ? 0 : 1,
          fillOpacity: isBars ? 80 : isStacked ? 40 : 8,
          showPoints: "never",
          spanNulls: 60_000,
          stacking: { mode: isStacked || isBars ? "normal" : "none", group: "A" },
          thresholdsStyle: { mode: limits ? "dashed" : "off" },
          ...(isLog && { scaleDistribution: { type: "log" as const, log: 10 } }),
        },
      },
      overrides: overridesOf(colors),
    },
    options: {
      legend: {
        showLegend: true,
        displayMode: hasTable ? "table" : "list",
        placement: hasTable ? "right" : "bottom",
        calcs: hasTable ? ["lastNotNull", "max"] : ["lastNotNull"],
        ...(hasTable && { sortBy: "Last *", sortDesc: true }),
      },
      tooltip: { mode: "multi", sort: "desc" },
    },
  };
}

type StatOptions = Common & {
  words?: Readonly<Record<number, string>>;
  hasGraph?: boolean;
  text?: "value" | "name";
};

/** One number, or one a series. */
export function stat(options: StatOptions): StatPanel {
  const { words, hasGraph = false, limits, text = "value" } = options;
  const mappings = Object.entries(words ?? {}).map(([value, word], index) => ({
    type: "value" as const,
    options: { [value]: { text: word, index } },
  }));
  return {
    ...base({ height: 4, ...options }),
    type: "stat",
    fieldConfig: {
      defaults: {
        ...defaults(options),
        color: limits ? { mode: "thresholds" } : { mode: "fixed", fixedColor: "text" },
        ...(words && { mappings }),
      },
      overrides: overridesOf(options.colors),
    },
    options: {
      colorMode: "value",
      graphMode: hasGraph ? "area" : "none",
      justifyMode: "auto",
      orientation: "auto",
      percentChangeColorMode: "standard",
      reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
      showPercentChange: false,
      textMode: text === "name" ? "value_and_name" : "value",
      wideLayout: true,
    },
  };
}

/** Bars by name. `isRows`: a table of names and numbers, one bar a row. */
export function bars(options: Common & { isRows?: boolean }): BarGaugePanel {
  const { isRows = false } = options;
  return {
    ...base(options),
    type: "bargauge",
    fieldConfig: {
      defaults: {
        ...defaults({ min: 0, ...options }),
        color: { mode: options.limits ? "thresholds" : "continuous-blues" },
      },
      overrides: overridesOf(options.colors),
    },
    options: {
      displayMode: "basic",
      legend: { showLegend: false, displayMode: "hidden", placement: "bottom", calcs: [] },
      maxVizHeight: 32,
      minVizHeight: 16,
      minVizWidth: 8,
      namePlacement: "left",
      orientation: "horizontal",
      reduceOptions: { calcs: ["lastNotNull"], fields: "", values: isRows },
      showUnfilled: true,
      sizing: "auto",
      valueMode: "color",
    },
  };
}

type Column = {
  name: string;
  unit?: string;
  width?: number;
  words?: Readonly<Record<string, { text: string; color: string }>>;
};

/** Rows; `columns` says how each is shown, `hidden` what Prometheus adds and nobody reads. */
export function table(
  options: Common & { columns?: Column[]; hidden?: string[]; names?: Record<string, string> },
): TablePanel {
  const { columns = [], hidden = [], names = {} } = options;
  return {
    ...base(options),
    type: "table",
    fieldConfig: {
      defaults: {
        ...defaults(options),
        custom: { align: "auto", cellOptions: { type: "auto" }, inspect: false },
      },
      overrides: columns.map(({ name, unit, width, words }) => ({
        matcher: { id: "byName", options: name },
        properties: [
          ...(unit ? [{ id: "unit", value: unit }] : []),
          ...(width ? [{ id: "custom.width", value: width }] : []),
          ...(words
            ? [
                { id: "mappings", value: [{ type: "value", options: words }] },
                { id: "custom.cellOptions", value: { type: "color-text" } },
              ]
            : []),
        ],
      })),
    },
    options: { showHeader: true, cellHeight: "sm", frameIndex: 0 },
    transformations: [
      {
        id: "organize",
        options: {
          excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
          renameByName: names,
        },
      },
    ],
  };
}

/** Up and down over time, one line a series. */
export function states(
  options: Common & { words: Readonly<Record<number, { text: string; isGood: boolean }>> },
): StateTimelinePanel {
  return {
    ...base(options),
    type: "state-timeline",
    fieldConfig: {
      defaults: {
        ...defaults(options),
        color: { mode: "fixed", fixedColor: GREEN },
        custom: { fillOpacity: 70, lineWidth: 0 },
        mappings: Object.entries(options.words).map(([value, { text, isGood }], index) => ({
          type: "value" as const,
          options: { [value]: { text, color: isGood ? GREEN : RED, index } },
        })),
      },
      overrides: [],
    },
    options: {
      alignValue: "left",
      mergeValues: true,
      rowHeight: 0.8,
      showValue: "never",
      legend: { showLegend: false, displayMode: "hidden", placement: "bottom", calcs: [] },
      tooltip: { mode: "single", sort: "none" },
    },
  };
}

/** Where durations lie: one row a bucket of a histogram. */
export function heatmap(options: Common): HeatmapPanel {
  return {
    ...base(options),
    type: "heatmap",
    fieldConfig: { defaults: defaults(options), overrides: [] },
    options: {
      calculate: false,
      cellGap: 1,
      color: { mode: "scheme", scheme: "Purples", steps: 32, exponent: 0.5, fill: "#7c6cf0", reverse: false },
      exemplars: { color: "rgba(255,0,255,0.7)" },
      filterValues: { le: 1e-9 },
      legend: { show: true },
      rowsFrame: { layout: "auto" },
      showValue: "never",
      tooltip: { mode: "single", yHistogram: false, showColorScale: true },
      yAxis: { axisPlacement: "left", reverse: false, unit: options.unit },
    },
  };
}
