"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Bytes } from "#components/bytes.tsx";
import { AbsoluteTime } from "#components/time.tsx";
import { Meter } from "#components/ui/meter.tsx";
import type { User } from "#lib/schemas/user.ts";

type Limited = Pick<User, "limitBytes" | "usedBytes" | "nextResetAt">;

/** Used and limit as one wide bar, with what is left and when it starts again. */
export function LimitBar({ user }: { user: Limited }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const { limitBytes, usedBytes, nextResetAt } = user;
  const ratio = limitBytes === null ? 0 : usedBytes / limitBytes;
  return (
    <div className="flex flex-col gap-3 rounded-lg border p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p className="text-ink-2">
          <Bytes value={usedBytes} className="font-semibold text-2xl text-ink tracking-tight" />
          {limitBytes === null ? null : (
            <>
              {" / "}
              <Bytes value={limitBytes} />
            </>
          )}
        </p>
        <p className="text-ink-2 text-sm tabular-nums">
          {limitBytes === null
            ? t("noLimit")
            : t("percent", { percent: format.number(Math.floor(ratio * 100)) })}
        </p>
      </div>
      {limitBytes === null ? null : <Meter ratio={ratio} label={t("limit")} className="h-2" />}
      <div className="flex flex-wrap justify-between gap-x-4 text-ink-2 text-sm">
        {limitBytes === null ? null : (
          <p>{t.rich("left", { left: () => <Bytes value={Math.max(0, limitBytes - usedBytes)} /> })}</p>
        )}
        <p>
          {nextResetAt === null
            ? t("neverResets")
            : t.rich("resets", { date: () => <AbsoluteTime at={nextResetAt} /> })}
        </p>
      </div>
    </div>
  );
}
