"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTableKeys } from "#components/users/use-table-keys.ts";
import type { LogLine } from "#lib/schemas/log.ts";
import type { LogFilters } from "./log-query.ts";
import { LogRow } from "./log-row.tsx";

type Props = {
  lines: readonly LogLine[];
  onFilter: (patch: Partial<LogFilters>) => void;
  onSearch: () => void;
  onEnd: () => void;
  /** Whether a line is open: nothing must move then. */
  onReading: (isReading: boolean) => void;
};

/** Only the lines in sight are in the page. */
export function LogList({ lines, onFilter, onSearch, onEnd, onReading }: Props) {
  const t = useTranslations("logs");
  const list = useRef<HTMLOListElement>(null);
  const [offset, setOffset] = useState(0);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useLayoutEffect(() => {
    setOffset((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: () => 29,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 20,
    scrollMargin: offset,
    initialRect: { width: 1200, height: 1000 },
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lines.length > 0 && last >= lines.length - 30) onEnd();
  }, [last, lines.length, onEnd]);

  const isReading = open.size > 0;
  useEffect(() => {
    onReading(isReading);
    return () => onReading(false);
  }, [isReading, onReading]);

  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const toggleAt = (index: number) => lines[index] && toggle(lines[index].id);
  const cursor = useTableKeys({
    count: lines.length,
    onMove: (index) => virtual.scrollToIndex(index, { align: "auto" }),
    onOpen: toggleAt,
    onToggle: toggleAt,
    onSearch,
    onEscape: () => setOpen(new Set()),
  });
  return (
    <ol
      ref={list}
      aria-label={t("list")}
      className="relative border-t"
      style={{ height: virtual.getTotalSize() }}
    >
      {shown.map((item) => {
        const line = lines[item.index];
        if (!line) return null;
        return (
          <li
            key={item.key}
            aria-setsize={lines.length}
            aria-posinset={item.index + 1}
            data-index={item.index}
            ref={virtual.measureElement}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - offset}px)` }}
          >
            <LogRow
              line={line}
              isOpen={open.has(line.id)}
              isCurrent={cursor === item.index}
              onToggle={() => toggle(line.id)}
              onFilter={onFilter}
            />
          </li>
        );
      })}
    </ol>
  );
}
