"use client";
import { useTranslations } from "next-intl";
import { AbsoluteTime } from "#components/time.tsx";

export function InviteExpiry({ at }: { at: string }) {
  const t = useTranslations("invite");
  return (
    <p className="text-ink-3 text-sm">
      {t.rich("expires", { time: () => <AbsoluteTime at={at} withTime /> })}
    </p>
  );
}
