"use client";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { ChartRange } from "#lib/chart-ranges.ts";
import { chartParsers, toChartQuery } from "./chart-time.ts";

const LIVE_MS: Record<ChartRange, number> = {
  "1h": 10_000,
  "6h": 30_000,
  "24h": 60_000,
  "7d": 300_000,
  "30d": 300_000,
  "90d": 300_000,
};

/** The time that all charts of a page show, kept in the URL. */
export function useChartTime() {
  const [state, setState] = useQueryStates(chartParsers, { history: "push", shallow: true });
  const { range, from, to, compare, show } = state;
  const isZoomed = from !== null && to !== null;
  const query = useMemo(() => toChartQuery({ range, from, to, compare }), [range, from, to, compare]);
  return {
    range,
    isZoomed,
    from,
    to,
    isCompared: compare,
    show,
    query,
    /** How often to ask again; a zoomed time does not change. */
    refetchInterval: isZoomed ? (false as const) : LIVE_MS[range],
    setRange: (next: ChartRange) => void setState({ range: next, from: null, to: null }),
    setCompared: (isCompared: boolean) => void setState({ compare: isCompared }, { history: "replace" }),
    setShow: (next: "chart" | "table") => void setState({ show: next }, { history: "replace" }),
    /** null: back to the whole range. */
    zoom: (to: { fromSeconds: number; toSeconds: number } | null) =>
      void setState(
        to === null
          ? { from: null, to: null }
          : { from: new Date(to.fromSeconds * 1_000), to: new Date(to.toSeconds * 1_000) },
      ),
  };
}
export type ChartTimeState = ReturnType<typeof useChartTime>;
