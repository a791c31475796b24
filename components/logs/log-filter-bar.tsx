"use client";
import { Download, Pause, Play, Search, X } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import { Button, buttonStyle } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Input } from "#components/ui/input.tsx";
import { FilterSelect } from "#components/users/filter-select.tsx";
import { LOG_LEVELS } from "#lib/log-levels.ts";
import { LOG_PERIODS, type LogFilters, toLogQuery } from "./log-query.ts";
import { readSearch } from "./read-search.ts";
import type { LiveState } from "./use-live-logs.ts";

const LogChips = dynamic(() => import("./log-chips.tsx").then((module) => module.LogChips));

type Props = {
  filters: LogFilters;
  programs: readonly string[];
  searchRef: RefObject<HTMLInputElement | null>;
  live: LiveState;
  isPaused: boolean;
  canBeLive: boolean;
  onPause: (isPaused: boolean) => void;
  onChange: (patch: Partial<LogFilters>) => void;
  onClear: () => void;
};

export function LogFilterBar(props: Props) {
  const t = useTranslations("logs");
  const { filters, onChange } = props;
  return (
    <div className="sticky top-13 z-10 -mx-1 flex flex-col gap-2 bg-canvas px-1 pb-2">
      <div className="flex flex-wrap items-center gap-2">
        {/* Another text in the URL (Back, a chip) is another field. */}
        <SearchField key={filters.text} text={filters.text} inputRef={props.searchRef} onChange={onChange} />
        <FilterSelect
          label={t("program")}
          value={filters.program}
          all={t("allPrograms")}
          options={props.programs.map((value) => ({ value, label: value }))}
          onChange={(program) => onChange({ program })}
        />
        <FilterSelect
          label={t("level")}
          value={filters.level}
          all={t("allLevels")}
          options={LOG_LEVELS.toReversed().map((value) => ({ value, label: t(`levels.${value}`) }))}
          onChange={(level) => onChange({ level })}
        />
        <FilterSelect
          label={t("period")}
          value={filters.since}
          all={t("allTime")}
          options={LOG_PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))}
          onChange={(since) => onChange({ since, from: null, to: null })}
        />
        <div className="ms-auto flex items-center gap-2">
          {props.canBeLive ? <LiveButton {...props} /> : null}
          <a
            href={`/api/v1/logs/download?${new URLSearchParams(toLogQuery(filters, Date.now()) as Record<string, string>)}`}
            download
            aria-label={t("download")}
            title={t("download")}
            className={cn(buttonStyle({ variant: "ghost", size: "icon" }))}
            suppressHydrationWarning
          >
            <Download aria-hidden />
          </a>
        </div>
      </div>
      {Object.values(filters).some((value) => value !== null) ? (
        <LogChips filters={filters} onChange={onChange} onClear={props.onClear} />
      ) : null}
    </div>
  );
}

function SearchField(props: {
  text: string | null;
  inputRef: RefObject<HTMLInputElement | null>;
  onChange: (patch: Partial<LogFilters>) => void;
}) {
  const t = useTranslations("logs");
  const [typed, setTyped] = useState(props.text ?? "");
  return (
    <search className="w-full lg:w-72">
      <form
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          props.onChange(readSearch(typed));
        }}
      >
        <Search
          aria-hidden
          className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-ink-3"
        />
        <Input
          ref={props.inputRef}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          placeholder={t("search")}
          aria-label={t("searchLabel")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          className="h-8 ps-8.5 pe-9 text-sm"
        />
        {typed === "" ? null : (
          <Button
            variant="ghost"
            size="icon"
            aria-label={t("clearSearch")}
            onClick={() => {
              setTyped("");
              props.onChange({ text: null });
            }}
            className="absolute end-0.5 top-1/2 -translate-y-1/2 scale-90"
          >
            <X aria-hidden />
          </Button>
        )}
      </form>
    </search>
  );
}

function LiveButton({ live, isPaused, onPause }: Pick<Props, "live" | "isPaused" | "onPause">) {
  const t = useTranslations("logs");
  const Icon = isPaused ? Play : Pause;
  const isLive = live === "live" && !isPaused;
  return (
    <Button
      aria-pressed={!isPaused}
      onClick={() => onPause(!isPaused)}
      title={isPaused ? t("resume") : t("pause")}
      disabled={live === "ended"}
    >
      <span
        aria-hidden
        className={cn(
          "size-2 rounded-full",
          isLive ? "animate-pulse bg-good" : live === "lost" ? "bg-bad" : "bg-ink-3",
        )}
      />
      {isPaused ? t("paused") : live === "live" ? t("live") : live === "lost" ? t("lost") : t("connecting")}
      <Icon aria-hidden className="text-ink-3" />
    </Button>
  );
}
