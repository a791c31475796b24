"use client";
import { useTranslations } from "next-intl";
import type { ComponentType } from "react";
import { AbsoluteTime } from "#components/time.tsx";
import { Badge } from "#components/ui/badge.tsx";
import type { User } from "#lib/schemas/user.ts";
import type { UserSort } from "./use-user-filters.ts";
import { UsedOfLimit } from "./used-of-limit.tsx";
import { LastSeen, UserStatus } from "./user-status.tsx";
import { UserTrend } from "./user-trend.tsx";

export const COLUMN_IDS = [
  "name",
  "status",
  "used",
  "trend",
  "seen",
  "expires",
  "created",
  "email",
  "note",
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];
export const DEFAULT_COLUMNS: readonly ColumnId[] = ["name", "status", "used", "trend", "seen", "expires"];

/** What a column may be sorted by, how wide it is, and from which width on it is there. */
export const COLUMN_LAYOUT: Record<ColumnId, { sort?: UserSort; className: string }> = {
  name: { sort: "name", className: "" },
  status: { className: "w-28 max-md:hidden" },
  used: { sort: "usedBytes", className: "w-64 max-lg:w-44 max-md:w-32" },
  trend: { className: "w-28 max-lg:hidden" },
  seen: { className: "w-28 max-lg:hidden" },
  expires: { sort: "expiresAt", className: "w-32 max-lg:hidden" },
  created: { sort: "createdAt", className: "w-32 max-lg:hidden" },
  email: { className: "w-48 max-lg:hidden" },
  note: { className: "w-48 max-lg:hidden" },
};

/** What stands in each column. */
export const CELLS: Record<ColumnId, ComponentType<{ user: User }>> = {
  name: NameCell,
  status: ({ user }) => <UserStatus status={user.status} />,
  used: UsedOfLimit,
  trend: UserTrend,
  seen: LastSeen,
  expires: ExpiresCell,
  created: ({ user }) => <AbsoluteTime at={user.createdAt} />,
  email: ({ user }) => <Text>{user.email ?? ""}</Text>,
  note: ({ user }) => <Text>{user.note}</Text>,
};

function NameCell({ user }: { user: User }) {
  const t = useTranslations("role");
  return (
    <span className="flex min-w-0 flex-col">
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium text-ink">{user.name}</span>
        {user.role === "user" ? null : <Badge>{t(user.role)}</Badge>}
      </span>
      <span className="flex gap-3 text-ink-3 text-xs md:hidden">
        <UserStatus status={user.status} />
        <LastSeen user={user} />
      </span>
    </span>
  );
}

function ExpiresCell({ user }: { user: User }) {
  const t = useTranslations("users");
  if (user.expiresAt === null) return <span className="text-ink-3">{t("never")}</span>;
  return <AbsoluteTime at={user.expiresAt} />;
}

function Text({ children }: { children: string }) {
  return (
    <span className="block truncate text-ink-2" title={children}>
      {children}
    </span>
  );
}
