"use client";
import { useTranslations } from "next-intl";
import { AbsoluteTime } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { User } from "#lib/schemas/user.ts";

/** Why nothing connects, and what to do about it; nothing for an active account. */
export function BlockedNotice({ user }: { user: User }) {
  const t = useTranslations("connect.blocked");
  const { status, nextResetAt } = user;
  if (status === "active") return null;
  return (
    <Notice tone={status === "on_hold" ? "warn" : "bad"}>
      {t(status)}{" "}
      {status !== "limited"
        ? null
        : nextResetAt === null
          ? t("limitedForGood")
          : t.rich("limitedUntil", { date: () => <AbsoluteTime at={nextResetAt} /> })}
    </Notice>
  );
}
