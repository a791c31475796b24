import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  GraphFieldConfig,
  Panel,
  RowPanel,
  TableFieldOptions,
  VariableModel,
} from "@grafana/schema";
import type { Options as BarGaugeOptions } from "@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type { Options as HeatmapOptions } from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type {
  FieldConfig as StateTimelineField,
  Options as StateTimelineOptions,
} from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type { Options as TableOptions } from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type { Options as TimeSeriesOptions } from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

/** Grafana's own types as JSON files carry them: an enum is one of its texts. */
type Json<T> = T extends string
  ? `${T}`
  : T extends (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

type Source = { type: "prometheus" | "grafana-postgresql-datasource"; uid: string };
export type PrometheusTarget = {
  refId: string;
  datasource: Source;
  expr: string;
  legendFormat: string;
  range: boolean;
  instant: boolean;
  format: "time_series" | "table" | "heatmap";
  editorMode: "code";
};
export type PostgresTarget = {
  refId: string;
  datasource: Source;
  rawSql: string;
  rawQuery: true;
  format: "time_series" | "table";
  editorMode: "code";
};
export type Target = PrometheusTarget | PostgresTarget;

/** A panel with the options and field settings of its plugin, and nothing that the plugin does not know. */
type PanelOf<Type extends string, Options, Custom> = Json<
  Omit<Panel, "type" | "options" | "fieldConfig" | "targets" | "datasource">
> & {
  type: Type;
  datasource: Source;
  targets: Target[];
  options: Json<Options>;
  fieldConfig: {
    defaults: Json<Omit<FieldConfig, "custom">> & { custom?: Json<Custom> };
    overrides: {
      matcher: { id: string; options?: unknown };
      properties: { id: string; value?: unknown }[];
    }[];
  };
};
export type TimeSeriesPanel = PanelOf<"timeseries", TimeSeriesOptions, GraphFieldConfig>;
export type StatPanel = PanelOf<"stat", StatOptions, never>;
export type BarGaugePanel = PanelOf<"bargauge", BarGaugeOptions, never>;
export type TablePanel = PanelOf<"table", TableOptions, Partial<TableFieldOptions>>;
export type StateTimelinePanel = PanelOf<"state-timeline", StateTimelineOptions, StateTimelineField>;
export type HeatmapPanel = PanelOf<"heatmap", HeatmapOptions, never>;
export type DashboardPanel =
  | TimeSeriesPanel
  | StatPanel
  | BarGaugePanel
  | TablePanel
  | StateTimelinePanel
  | HeatmapPanel;
export type DashboardRow = Json<Omit<RowPanel, "panels">> & { panels: [] };
export type Variable = Json<VariableModel>;
export type Annotation = Json<Omit<AnnotationQuery, "target" | "datasource">> & {
  datasource: Source | { type: "grafana"; uid: "-- Grafana --" };
  target?: Target;
  expr?: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
};

/** What a dashboard's file holds, checked against Grafana 13's published types (it publishes no JSON schema). */
export type DashboardFile = Json<Omit<Dashboard, "panels" | "templating" | "annotations">> & {
  uid: string;
  title: string;
  panels: (DashboardPanel | DashboardRow)[];
  templating: { list: Variable[] };
  annotations: { list: Annotation[] };
};
