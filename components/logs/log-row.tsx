"use client";
import { ChevronRight } from "lucide-react";
import dynamic from "next/dynamic";
import { useFormatter } from "next-intl";
import { useId } from "react";
import { useTimeZone } from "#components/now.tsx";
import { cn } from "#components/ui/cn.ts";
import { describeLogLine } from "#lib/logs/describe-log-line.ts";
import type { LogLine } from "#lib/schemas/log.ts";
import { LEVEL_ROW, LevelMark } from "./level-mark.tsx";
import type { LogFilters } from "./log-query.ts";

const LogDetails = dynamic(() => import("./log-details.tsx").then((module) => module.LogDetails));

type Props = {
  line: LogLine;
  isOpen: boolean;
  isCurrent: boolean;
  onToggle: () => void;
  onFilter: (patch: Partial<LogFilters>) => void;
};

/** An answer that somebody did not want. */
function toneOf(status: unknown): string {
  if (typeof status !== "number" || status < 400) return "text-ink";
  return status < 500 ? "text-warn-text" : "text-bad-text";
}

/** When, how bad, who, what; everything else unfolds below. */
export function LogRow({ line, isOpen, isCurrent, onToggle, onFilter }: Props) {
  const format = useFormatter();
  const timeZone = useTimeZone();
  const id = useId();
  const date = new Date(line.time);
  const { text, details } = describeLogLine(line);
  const clock = format.dateTime(date, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  return (
    <div
      className={cn(
        "border-b",
        LEVEL_ROW[line.level] ?? "hover:bg-hover",
        isCurrent && "shadow-[inset_2px_0_0_var(--color-accent)]",
      )}
    >
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={onToggle}
        className="flex w-full flex-wrap items-baseline gap-x-3 px-2 py-1 text-start font-mono text-xs leading-5 focus-visible:-outline-offset-2 md:flex-nowrap pointer-coarse:py-2"
      >
        <ChevronRight
          aria-hidden
          className={cn(
            "size-3 shrink-0 self-center text-ink-3 transition-transform duration-100",
            isOpen ? "rotate-90" : "rtl:rotate-180",
          )}
        />
        <time
          dateTime={line.time}
          title={format.dateTime(date, { dateStyle: "full", timeStyle: "long", timeZone })}
          className="shrink-0 text-ink-2 tabular-nums"
        >
          {clock}
          <span className="text-ink-3">.{line.time.slice(20, 23)}</span>
        </time>
        <LevelMark level={line.level} className="w-10 shrink-0" />
        <span className="shrink-0 truncate text-ink-2 md:w-24">{line.program}</span>
        <span
          className={cn(
            "min-w-0 basis-full ps-6 md:flex-1 md:basis-0 md:ps-0",
            isOpen
              ? "whitespace-normal break-words"
              : "line-clamp-2 break-all md:line-clamp-none md:truncate",
          )}
        >
          <span className={toneOf(line.fields.status)}>{text}</span>
          {details === "" ? null : <span className="text-ink-3"> {details}</span>}
        </span>
      </button>
      {isOpen ? <LogDetails id={id} line={line} onFilter={onFilter} /> : null}
    </div>
  );
}
