"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { auditEntrySchema } from "#lib/schemas/status.ts";

export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** "owner switched off ada", with names that lead to their pages. */
export function ActivitySentence({ entry }: { entry: AuditEntry }) {
  const t = useTranslations("activity");
  const key = `actions.${entry.action}` as Parameters<typeof t.has>[0];
  const values = {
    actor: (): ReactNode => <span className="font-medium">{entry.actor}</span>,
    target: (): ReactNode => <Target entry={entry} />,
  };
  return t.has(key)
    ? t.rich(key as "actions.user.disable", values)
    : t.rich("actions.other", { ...values, action: entry.action });
}

function Target({ entry }: { entry: AuditEntry }) {
  const name = entry.targetName ?? "";
  if (entry.targetKind !== "user" || entry.action === "user.delete" || name === "")
    return <span className="font-medium">{name}</span>;
  return (
    <Link
      href={`/users/${encodeURIComponent(name)}`}
      className="rounded-sm font-medium underline decoration-line-strong underline-offset-2 hover:decoration-ink"
    >
      {name}
    </Link>
  );
}
