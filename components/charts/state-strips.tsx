"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useTimeZone } from "#components/now.tsx";
import { cn } from "#components/ui/cn.ts";
import { pointTime } from "./axis-time.ts";
import type { ChartModel, ModelLine } from "./chart-model.ts";

type Run = { state: "up" | "down" | "unknown"; from: number; count: number };

/** A strip for each line: when it was up, when down, and when nobody knew; the share in words at its end. */
export function StateStrips({ model, label }: { model: ChartModel; label: string }) {
  const t = useTranslations("charts");
  const format = useFormatter();
  const timeZone = useTimeZone();
  const say = (index: number) =>
    format.dateTime(
      new Date((model.times[index] ?? model.times.at(-1) ?? 0) * 1_000),
      pointTime(model.stepSeconds, timeZone),
    );
  return (
    <ul aria-label={label} className="flex size-full flex-col gap-2 overflow-y-auto pt-2 text-xs">
      {model.lines.map((line) => (
        <li key={line.key} className="grid grid-cols-[6.5rem_minmax(0,1fr)_3.5rem] items-center gap-3">
          <span className="truncate">{line.label}</span>
          <span aria-hidden className="flex h-3 overflow-hidden rounded-sm bg-press">
            {runsOf(line).map((run) => (
              <span
                key={run.from}
                title={`${t(run.state)}: ${say(run.from)} – ${say(run.from + run.count)}`}
                className={cn(
                  run.state === "up" && "bg-good/70",
                  run.state === "down" &&
                    "bg-bad bg-[repeating-linear-gradient(45deg,transparent_0_3px,rgb(255_255_255/0.45)_3px_5px)]",
                )}
                style={{ flexGrow: run.count }}
              />
            ))}
          </span>
          <span className="text-end text-ink-2 tabular-nums">
            {format.number(upShare(line), { style: "percent", maximumFractionDigits: 1 })}
          </span>
        </li>
      ))}
    </ul>
  );
}

const stateOf = (value: number | null): Run["state"] =>
  value === null ? "unknown" : value >= 1 ? "up" : "down";

function runsOf({ values }: ModelLine): Run[] {
  const runs: Run[] = [];
  for (const [index, value] of values.entries()) {
    const state = stateOf(value);
    const last = runs.at(-1);
    if (last?.state === state) last.count += 1;
    else runs.push({ state, from: index, count: 1 });
  }
  return runs;
}

/** Of the time that is known. */
function upShare({ values }: ModelLine): number {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? 0 : known.filter((value) => value >= 1).length / known.length;
}
