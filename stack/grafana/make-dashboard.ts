import { POSTGRES, PROMETHEUS } from "./queries.ts";
import type { Annotation, DashboardFile, DashboardPanel, DashboardRow, Variable } from "./schema.ts";

type Section = { title: string; panels: DashboardPanel[] };
type Options = {
  uid: string;
  title: string;
  description: string;
  variables?: Variable[];
  sections: Section[];
};

const TAG = "causeway";
const COLUMNS = 24;

/** The numbers that Grafana wants to be told: ids, places on the grid, links between the dashboards. */
export function makeDashboard({ uid, title, description, variables = [], sections }: Options): DashboardFile {
  return {
    uid: `causeway-${uid}`,
    title,
    description,
    tags: [TAG],
    schemaVersion: 41,
    version: 1,
    editable: true,
    fiscalYearStartMonth: 0,
    graphTooltip: 1,
    liveNow: false,
    preload: false,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timepicker: { refresh_intervals: ["10s", "30s", "1m", "5m", "15m"] },
    timezone: "browser",
    weekStart: "",
    templating: { list: variables },
    annotations: { list: ANNOTATIONS },
    links: [
      link({ title: "Dashboards", type: "dashboards", tags: [TAG], asDropdown: true, keepTime: true }),
      link({ title: "Traces", url: "../jaeger/search", tooltip: "What single requests did" }),
      link({ title: "Logs", url: "../activity/logs", tooltip: "What the programs wrote" }),
      link({ title: "Panel", url: "../overview" }),
    ],
    panels: arrange(sections),
  };
}

/** A relative address leaves /grafana/ for the panel or Jaeger; Grafana would put its own path before a "/". */
const link = (options: {
  title: string;
  type?: "link" | "dashboards";
  url?: string;
  tags?: string[];
  tooltip?: string;
  asDropdown?: boolean;
  keepTime?: boolean;
}) => ({
  type: "link" as const,
  icon: "external link",
  tags: [],
  tooltip: "",
  targetBlank: options.type !== "dashboards",
  asDropdown: false,
  includeVars: false,
  keepTime: false,
  ...options,
});

function arrange(sections: Section[]): (DashboardPanel | DashboardRow)[] {
  const placed: (DashboardPanel | DashboardRow)[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    placed.push({
      id: placed.length + 1,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    });
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const panel of panels) {
      const { w, h } = panel.gridPos ?? { w: COLUMNS, h: 8 };
      if (x + w > COLUMNS) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      placed.push({ ...panel, id: placed.length + 1, gridPos: { x, y, w, h } });
      x += w;
      lineHeight = Math.max(lineHeight, h);
    }
    y += lineHeight;
  }
  return placed;
}

/** Values of a label, to choose one, some or all of. */
export function labelVariable(options: {
  name: string;
  label: string;
  metric: string;
  of: string;
  regex?: string;
}): Variable {
  const { name, label, metric, of, regex = "" } = options;
  return {
    name,
    label,
    type: "query",
    datasource: PROMETHEUS,
    query: { qryType: 1, query: `label_values(${metric}, ${of})`, refId: "Variable" },
    regex,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: ".+",
    allowCustomValue: false,
    current: { selected: true, text: ["All"], value: ["$__all"] },
    hide: 0,
    options: [],
  };
}

export const doorVariable: Variable = {
  name: "door",
  label: "Door",
  type: "custom",
  query: "vpn,http,socks",
  multi: true,
  includeAll: true,
  allValue: ".+",
  allowCustomValue: false,
  current: { selected: true, text: ["All"], value: ["$__all"] },
  hide: 0,
  options: [
    { selected: true, text: "All", value: "$__all" },
    { selected: false, text: "vpn", value: "vpn" },
    { selected: false, text: "http", value: "http" },
    { selected: false, text: "socks", value: "socks" },
  ],
};

/** Events over the charts: programs that started, and what operators did (without who and to whom). */
const ANNOTATIONS: Annotation[] = [
  {
    name: "Restarts",
    datasource: PROMETHEUS,
    enable: true,
    hide: false,
    iconColor: "#d9a029",
    target: {
      refId: "Anno",
      datasource: PROMETHEUS,
      expr: "sum by (job) (changes(process_start_time_seconds[$__rate_interval]))",
      legendFormat: "{{job}}",
      range: true,
      instant: false,
      format: "time_series",
      editorMode: "code",
    },
    expr: "sum by (job) (changes(process_start_time_seconds[$__rate_interval]))",
    step: "30s",
    titleFormat: "{{job}} started",
  },
  {
    name: "Actions",
    datasource: POSTGRES,
    enable: false,
    hide: false,
    iconColor: "#2f9e8f",
    target: {
      refId: "Anno",
      datasource: POSTGRES,
      rawSql:
        "SELECT time, action AS text, actor_kind AS tags FROM reporting.action WHERE $__timeFilter(time) ORDER BY time DESC LIMIT 200",
      rawQuery: true,
      format: "table",
      editorMode: "code",
    },
  },
];
