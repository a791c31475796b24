import type { PostgresTarget, PrometheusTarget } from "./schema.ts";

/** The data sources of docker/grafana/provisioning. */
export const PROMETHEUS = { type: "prometheus", uid: "causeway-prometheus" } as const;
export const POSTGRES = { type: "grafana-postgresql-datasource", uid: "causeway-postgres" } as const;

export type Query = Omit<PrometheusTarget, "refId"> | Omit<PostgresTarget, "refId">;

/** A line for each series; `legend` as Grafana writes it. */
export const series = (expr: string, legend: string): Query => ({
  datasource: PROMETHEUS,
  expr,
  legendFormat: legend,
  range: true,
  instant: false,
  format: "time_series",
  editorMode: "code",
});

/** The value now, one for each series. */
export const now = (expr: string, legend = ""): Query =>
  ({
    ...series(expr, legend),
    range: false,
    instant: true,
  }) as Query;

/** The value now as rows of a table, labels as columns. */
export const rows = (expr: string): Query => ({ ...now(expr), format: "table" }) as Query;

export const buckets = (expr: string): Query => ({ ...series(expr, "{{le}}"), format: "heatmap" }) as Query;

export const sql = (rawSql: string, format: "table" | "time_series" = "table"): Query => ({
  datasource: POSTGRES,
  rawSql: rawSql.replaceAll(/\s+/g, " ").trim(),
  rawQuery: true,
  format,
  editorMode: "code",
});

/**
 * A query that finds nothing when all is well answers one series of 0 instead, so that silence can be told from a
 * broken query. `label` gets a word to stand in the legend.
 */
export const orZero = (expr: string, label?: string, word = "none"): string =>
  label === undefined
    ? `${expr} or on() vector(0)`
    : `${expr} or on() label_replace(vector(0), "${label}", "${word}", "", "")`;

/** The quantile of a histogram, by labels; 0 instead of NaN while nothing was measured. */
export const quantile = (q: number, bucket: string, by: string[] = [], selector = ""): string => {
  const labels = ["le", ...by].join(", ");
  const value = `histogram_quantile(${q}, sum by (${labels}) (rate(${bucket}${selector}[$__rate_interval])))`;
  return `(${value} >= 0) or sum by (${by.join(", ")}) (${bucket}${withLabel(selector, 'le="+Inf"')} * 0)`;
};

const withLabel = (selector: string, label: string): string =>
  selector === "" ? `{${label}}` : selector.replace(/\}$/, `, ${label}}`);
