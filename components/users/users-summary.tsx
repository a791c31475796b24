"use client";
import { useTranslations } from "next-intl";
import type { Status } from "#lib/schemas/status.ts";

/** "214 people, 37 online, 2 over their limit". */
export function UsersSummary({ users }: { users: Status["users"] }) {
  const t = useTranslations("users");
  return (
    <>
      {t("summary", { total: users.total, online: users.online })}
      {t("summaryAttention", { limited: users.limited, expired: users.expired, disabled: users.disabled })}
    </>
  );
}
