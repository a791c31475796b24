"use client";
import { CircleHelp } from "lucide-react";
import { useTranslations } from "next-intl";
import { Tooltip } from "#components/ui/tooltip.tsx";

/** A word with a "?" beside it that says in a sentence what it means; by pointer, keyboard and touch. */
export function Explained({ word, children }: { word: string; children: string }) {
  const t = useTranslations("ui");
  return (
    <span className="inline-flex items-center gap-1">
      {word}
      <Tooltip content={children}>
        <button
          type="button"
          aria-label={t("help", { what: word })}
          className="rounded-full text-ink-3 hover:text-ink"
        >
          <CircleHelp aria-hidden className="size-3.5" />
        </button>
      </Tooltip>
    </span>
  );
}
