"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Meter } from "#components/ui/meter.tsx";
import { formatBytes } from "#lib/format-bytes.ts";
import type { User } from "#lib/schemas/user.ts";

/** "3.2 GB / 10 GB" with its bar; exact bytes on hover. */
export function UsedOfLimit({ user }: { user: Pick<User, "usedBytes" | "limitBytes" | "name"> }) {
  const t = useTranslations("usageChart");
  const format = useFormatter();
  return (
    <span className="flex items-center gap-3" title={`${format.number(user.usedBytes)} B`}>
      <span className="min-w-17 text-end tabular-nums">{formatBytes(user.usedBytes)}</span>
      {user.limitBytes === null ? (
        <span className="text-ink-3 max-lg:hidden">{t("noLimit")}</span>
      ) : (
        <>
          <Meter
            ratio={user.usedBytes / user.limitBytes}
            label={t("meter")}
            className="w-16 shrink-0 max-lg:w-10"
          />
          <span className="text-ink-3 tabular-nums max-lg:hidden">{formatBytes(user.limitBytes)}</span>
        </>
      )}
    </span>
  );
}
