"use client";
import { useTranslations } from "next-intl";
import { RelativeTime } from "#components/time.tsx";
import { StatusDot, type Tone } from "#components/ui/status-dot.tsx";
import type { UserStatus as Status, User } from "#lib/schemas/user.ts";

const TONE: Record<Status, Tone> = {
  active: "good",
  disabled: "idle",
  limited: "warn",
  expired: "bad",
  on_hold: "accent",
};

export function UserStatus({ status }: { status: Status }) {
  const t = useTranslations("userStatus");
  return <StatusDot tone={TONE[status]}>{t(status)}</StatusDot>;
}

/** "Online", "3h ago" or "Never seen". */
export function LastSeen({ user }: { user: Pick<User, "isOnline" | "onlineAt"> }) {
  const t = useTranslations("online");
  if (user.isOnline) return <span className="whitespace-nowrap font-medium text-good-text">{t("now")}</span>;
  if (user.onlineAt === null) return <span className="whitespace-nowrap text-ink-3">{t("never")}</span>;
  return <RelativeTime at={user.onlineAt} />;
}
