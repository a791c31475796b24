"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { StatusDot, type Tone } from "#components/ui/status-dot.tsx";
import { useStatus } from "./use-status.ts";

/** The state of everything in one dot and two words; a lost connection is said. */
export function SystemDot() {
  const t = useTranslations("status");
  const { data, isError } = useStatus();
  const down = data?.programs.filter((program) => !program.isUp).length ?? 0;
  const [tone, text]: [Tone, string] = isError
    ? ["bad", t("connectionLost")]
    : !data
      ? ["idle", t("checking")]
      : down > 0
        ? ["bad", t("down", { count: down })]
        : ["good", t("allUp")];
  return (
    <span role="status" className="flex">
      <Link
        href="/overview"
        className="rounded-md px-2 py-1 text-ink-2 text-sm hover:bg-hover hover:text-ink"
      >
        <StatusDot tone={tone}>
          <span className="max-sm:sr-only">{text}</span>
        </StatusDot>
      </Link>
    </span>
  );
}
