"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Bytes } from "#components/bytes.tsx";
import { Section } from "#components/section.tsx";
import { AbsoluteTime } from "#components/time.tsx";
import { Meter } from "#components/ui/meter.tsx";
import type { User } from "#lib/schemas/user.ts";

/** What is left of the limit, when it starts again, and when the account ends. */
export function WhatIsLeft({ user }: { user: User }) {
  const t = useTranslations("connect");
  const { limitBytes, usedBytes, nextResetAt, expiresAt } = user;
  return (
    <Section
      title={t("left")}
      action={
        <Link
          href="/usage"
          className="rounded-sm text-accent-text text-sm underline-offset-2 hover:underline"
        >
          {t("seeUsage")}
        </Link>
      }
    >
      <div className="flex flex-col gap-2 rounded-lg border p-4">
        <p className="font-medium">
          {limitBytes === null
            ? t("unlimited")
            : t.rich("leftOf", {
                left: () => <Bytes value={Math.max(0, limitBytes - usedBytes)} />,
                limit: () => <Bytes value={limitBytes} />,
              })}
        </p>
        {limitBytes === null ? (
          <p className="text-ink-2 text-sm">{t.rich("used", { used: () => <Bytes value={usedBytes} /> })}</p>
        ) : (
          <Meter ratio={usedBytes / limitBytes} label={t("left")} />
        )}
        <div className="text-ink-2 text-sm">
          {nextResetAt !== null ? (
            <p>{t.rich("resets", { date: () => <AbsoluteTime at={nextResetAt} /> })}</p>
          ) : limitBytes !== null ? (
            <p>{t("neverResets")}</p>
          ) : null}
          <p>
            {expiresAt === null
              ? t("neverExpires")
              : t.rich("expires", { date: () => <AbsoluteTime at={expiresAt} /> })}
          </p>
        </div>
      </div>
    </Section>
  );
}
