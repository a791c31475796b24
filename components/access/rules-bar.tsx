"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";

/** What is edited but not in force, and the two ways on. */
export function RulesBar(props: {
  changed: number;
  removed: number;
  isBusy: boolean;
  isStale: boolean;
  onDiscard: () => void;
  onSave: () => void;
}) {
  const t = useTranslations("accessRules");
  const { changed, removed } = props;
  return (
    <div className="pointer-events-none sticky bottom-18 z-20 mt-6 flex justify-center md:bottom-6">
      <section
        aria-label={t("unsaved")}
        className="pointer-events-auto flex max-w-full animate-in flex-wrap items-center justify-end gap-2 rounded-xl bg-raised p-2 ps-4 text-sm shadow-pop"
      >
        <span className="flex min-w-0 flex-1 flex-col pe-2 sm:min-w-60">
          <span className="whitespace-nowrap font-medium">{t("unsaved")}</span>
          <span className="text-ink-3 text-xs">
            {changed + removed === 0 ? t("orderChanged") : t("diff", { changed, removed })}
          </span>
        </span>
        <Button disabled={props.isBusy} onClick={props.onDiscard}>
          {t("discard")}
        </Button>
        <Button variant="primary" isBusy={props.isBusy} disabled={props.isStale} onClick={props.onSave}>
          {t("save")}
        </Button>
      </section>
    </div>
  );
}
