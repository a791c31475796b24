"use client";
import { useTranslations } from "next-intl";
import type { Status } from "#lib/schemas/status.ts";

/** "214 people, 37 online, 2 over their limit". */
export function UsersSummary({ users }: { users: Status["users"] }) {
  const t = useTranslations("users");
  return (
    <>
      {t("summary", { total: users.total, online: users.online })}
      {/* next-intl's compiled messages take an empty result for an error, so nothing is asked for nothing. */}
      {users.limited + users.expired + users.disabled > 0 &&
        t("summaryAttention", { limited: users.limited, expired: users.expired, disabled: users.disabled })}
    </>
  );
}
