"use client";
import { LoaderCircle } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useTimeZone } from "#components/now.tsx";
import { Button } from "#components/ui/button.tsx";

type Props = {
  searchedUntil: string | null;
  hasMore: boolean;
  isBusy: boolean;
  isEmpty: boolean;
  onMore: () => void;
};

/** Where the list ends, and why. */
export function LogsFoot({ searchedUntil, hasMore, isBusy, isEmpty, onMore }: Props) {
  const t = useTranslations("logs");
  const format = useFormatter();
  const timeZone = useTimeZone();
  if (searchedUntil !== null)
    return (
      <div className="flex flex-col items-center gap-2 py-6 text-center text-ink-2 text-sm">
        {t("searchedUntil", {
          time: format.dateTime(new Date(searchedUntil), {
            dateStyle: "medium",
            timeStyle: "short",
            timeZone,
          }),
        })}
        <Button isBusy={isBusy} onClick={onMore}>
          {t("searchOn")}
        </Button>
      </div>
    );
  if (isBusy && hasMore)
    return <LoaderCircle aria-label={t("loading")} className="mx-auto my-6 size-4 animate-spin text-ink-3" />;
  return isEmpty || hasMore ? null : <p className="py-6 text-center text-ink-3 text-sm">{t("end")}</p>;
}
