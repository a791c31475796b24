"use client";
import { useTranslations } from "next-intl";
import { StatusDot } from "#components/ui/status-dot.tsx";
import type { Status } from "#lib/schemas/status.ts";

/** Each program with its state in a word, and what is wrong with it in a sentence. */
export function ProgramList({ programs }: Pick<Status, "programs">) {
  const t = useTranslations("overview");
  return (
    <ul className="grid gap-x-12 border-t text-sm sm:grid-cols-2 lg:grid-cols-3">
      {programs.map((program) => (
        <li key={program.name} className="flex flex-col border-b py-2.5">
          <span className="flex items-center justify-between gap-4">
            <span className="font-medium">{program.name}</span>
            <span className={program.isUp ? "text-ink-2" : "text-bad-text"}>
              <StatusDot tone={!program.isUp ? "bad" : program.detail === null ? "good" : "warn"}>
                {!program.isUp ? t("notRunning") : program.detail === null ? t("running") : t("lacking")}
              </StatusDot>
            </span>
          </span>
          {program.detail ? <span className="text-pretty text-ink-3 text-xs">{program.detail}</span> : null}
        </li>
      ))}
    </ul>
  );
}
