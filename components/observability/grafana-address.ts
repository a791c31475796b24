import type { ChartRange } from "#lib/chart-ranges.ts";
import type { GrafanaDashboard } from "#lib/grafana-dashboards.ts";

type View = {
  dashboard: GrafanaDashboard;
  range: ChartRange;
  /** A time of its own, from the charts' zoom. */
  from: Date | null;
  to: Date | null;
  isDark: boolean;
};

/** Where Grafana shows it. In a frame it brings neither its own navigation nor a second choice of time. */
export function grafanaAddress(view: View, isFramed: boolean): string {
  const { dashboard, range, from, to, isDark } = view;
  const query = new URLSearchParams({
    from: from && to ? String(from.getTime()) : `now-${range}`,
    to: from && to ? String(to.getTime()) : "now",
    theme: isDark ? "dark" : "light",
    ...(isFramed && { kiosk: "true", "_dash.hideTimePicker": "true", "_dash.hideLinks": "true" }),
  });
  return `/grafana/d/causeway-${dashboard}?${query}`;
}
