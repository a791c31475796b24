"use client";
import "uplot/dist/uPlot.min.css";
import { useFormatter, useTranslations } from "next-intl";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { useTimeZone } from "#components/now.tsx";
import { tickTime, zoneOf } from "./axis-time.ts";
import { chartKey } from "./chart-key.ts";
import type { ChartModel } from "./chart-model.ts";
import { Crosshair } from "./crosshair.tsx";
import { plotData } from "./plot-data.ts";
import { plotOptions } from "./plot-options.ts";
import { useColours } from "./use-colours.ts";
import { usePointInWords } from "./use-point-in-words.ts";

type Props = {
  model: ChartModel;
  label: string;
  onZoom: ((range: { fromSeconds: number; toSeconds: number } | null) => void) | null;
};

/** One chart on a canvas. Its crosshair is a slider over time: arrow keys move it, and a screen reader hears the point. */
export function TimeChart({ model, label, onZoom }: Props) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const inWords = usePointInWords(model);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const isHere = useRef(false);
  const [cursor, setCursor] = useState<{ index: number; left: number } | null>(null);
  const colour = useColours(box, () => plot.current?.redraw(false));
  const { data, series } = plotData(model);
  const latest = useRef({ model, onZoom, data });
  latest.current = { model, onZoom, data };

  const onCursor = (chart: uPlot) => {
    const { left = -1 } = chart.cursor;
    if (left < 0 || !isHere.current) return setCursor(null);
    const { times, stepSeconds, kind } = latest.current.model;
    const place = (chart.posToVal(left, "x") - (times[0] ?? 0)) / stepSeconds;
    const index = Math.max(
      0,
      Math.min(times.length - 1, kind === "stack" ? Math.floor(place) : Math.round(place)),
    );
    setCursor({ index, left: left + chart.over.offsetLeft });
  };
  const shape = JSON.stringify([
    model.kind,
    model.unit,
    model.stepSeconds,
    series,
    model.lines.map(({ key, style }) => [key, style]),
    timeZone,
    onZoom === null,
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is all that the chart's options depend on
  useEffect(() => {
    const host = canvas.current;
    if (host === null) return;
    const chart = new uPlot(
      plotOptions({
        model,
        series,
        width: host.clientWidth,
        height: host.clientHeight,
        font: getComputedStyle(host).fontFamily,
        colour,
        tickText: (seconds, isDay) =>
          format.dateTime(new Date(seconds * 1_000), tickTime(isDay, zoneOf(model.stepSeconds, timeZone))),
        syncKey: "charts",
        onCursor,
        onZoom: onZoom && ((fromSeconds, toSeconds) => latest.current.onZoom?.({ fromSeconds, toSeconds })),
      }),
      latest.current.data,
      host,
    );
    plot.current = chart;
    const resize = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = host;
      if (width > 0 && (width !== chart.width || height !== chart.height)) chart.setSize({ width, height });
    });
    resize.observe(host);
    return () => {
      resize.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [shape]);
  const stamp = data.map((column) => column.join()).join(";");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `stamp` stands for the data
  useEffect(() => plot.current?.setData(latest.current.data), [stamp]);

  const moveTo = (index: number) => {
    const chart = plot.current;
    if (!chart) return;
    const { times, stepSeconds, kind } = model;
    const place = Math.max(0, Math.min(times.length - 1, index));
    const left = chart.valToPos((times[place] ?? 0) + (kind === "stack" ? stepSeconds / 2 : 0), "x");
    chart.setCursor({ left, top: chart.over.clientHeight / 2 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { times, stepSeconds } = model;
    const move = chartKey(event.key, event.shiftKey, cursor?.index ?? times.length, times.length);
    if (move === null) return;
    event.preventDefault();
    isHere.current = true;
    if (move === "hide") setCursor(null);
    else if ("to" in move) moveTo(move.to);
    else if (move.zoom === null) onZoom?.(null);
    else {
      const [first, last] = move.zoom;
      onZoom?.({ fromSeconds: times[first] ?? 0, toSeconds: (times[last] ?? 0) + stepSeconds });
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    isHere.current = true;
    const chart = plot.current;
    // uPlot follows a mouse only; a finger that slides sideways moves the crosshair too.
    if (event.pointerType === "mouse" || !chart) return;
    const { left } = chart.over.getBoundingClientRect();
    chart.setCursor({ left: Math.max(0, event.clientX - left), top: 10 });
  };
  const leave = () => {
    isHere.current = false;
    setCursor(null);
  };
  const last = Math.max(0, model.times.length - 1);
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-roledescription={t("role")}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={cursor?.index ?? last}
      aria-valuetext={inWords(cursor?.index ?? last)}
      onKeyDown={onKeyDown}
      onPointerEnter={() => {
        isHere.current = true;
      }}
      onPointerMove={onPointerMove}
      onPointerLeave={leave}
      onBlur={leave}
      onDoubleClick={() => onZoom?.(null)}
      className="chart relative size-full touch-pan-y rounded-md"
    >
      <div ref={canvas} className="absolute inset-0" />
      {cursor ? (
        <Crosshair
          model={model}
          index={cursor.index}
          left={cursor.left}
          width={box.current?.clientWidth ?? 0}
        />
      ) : null}
    </div>
  );
}
