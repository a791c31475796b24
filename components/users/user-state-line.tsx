"use client";
import { useTranslations } from "next-intl";
import { formatBytes } from "#lib/format-bytes.ts";
import type { User } from "#lib/schemas/user.ts";
import { LastSeen, UserStatus } from "./user-status.tsx";

/** "Active · Online · All doors are open, 3.2 GB left." */
export function UserStateLine({ user }: { user: User }) {
  const t = useTranslations("user");
  const text = {
    active:
      user.limitBytes === null
        ? t("on")
        : t("onLimited", { left: formatBytes(Math.max(0, user.limitBytes - user.usedBytes)) }),
    disabled: t("disabledText"),
    limited: t("limitedText", { reset: user.nextResetAt === null ? "none" : "some" }),
    expired: t("expiredText"),
    on_hold: t("onHoldText"),
  }[user.status];
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span className="font-medium text-ink">
        <UserStatus status={user.status} />
      </span>
      <span className="text-sm">
        <LastSeen user={user} />
      </span>
      <span>{text}</span>
    </span>
  );
}
