"use client";
import { GitCompareArrows, Table2, ZoomOut } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTimeZone } from "#components/now.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { CHART_RANGES } from "#lib/chart-ranges.ts";
import type { ChartTimeState } from "./use-chart-time.ts";

/** Range, comparison, chart or table, and the way out of a zoom: for all charts of a page at once. */
export function ChartControls({ time, className }: { time: ChartTimeState; className?: string }) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const timeZone = useTimeZone();
  return (
    <div className={cn("flex flex-wrap items-center gap-2", className)}>
      {time.isZoomed && time.from && time.to ? (
        <Button size="sm" onClick={() => time.zoom(null)}>
          <ZoomOut aria-hidden />
          {format.dateTimeRange(time.from, time.to, {
            day: "numeric",
            month: "short",
            hour: "2-digit",
            minute: "2-digit",
            hourCycle: "h23",
            timeZone,
          })}
        </Button>
      ) : null}
      <Segmented
        label={t("range")}
        value={time.range}
        options={CHART_RANGES.map((value) => ({ value, label: t(`ranges.${value}`) }))}
        onChange={time.setRange}
        className="max-sm:w-full"
      />
      <Toggle isOn={time.isCompared} onChange={time.setCompared} icon={<GitCompareArrows aria-hidden />}>
        {t("compare")}
      </Toggle>
      <Toggle
        isOn={time.show === "table"}
        onChange={(isTable) => time.setShow(isTable ? "table" : "chart")}
        icon={<Table2 aria-hidden />}
      >
        {t("table")}
      </Toggle>
    </div>
  );
}

function Toggle(props: {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  icon: ReactNode;
  children: string;
}) {
  return (
    <Button
      size="sm"
      aria-pressed={props.isOn}
      onClick={() => props.onChange(!props.isOn)}
      className={cn(props.isOn && "border-accent bg-accent-well text-accent-text hover:bg-accent-well")}
    >
      {props.icon}
      {props.children}
    </Button>
  );
}
