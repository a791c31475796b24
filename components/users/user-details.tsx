"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Bytes } from "#components/bytes.tsx";
import { useOpenCount } from "#components/connections/use-connections.ts";
import { groupHref } from "#components/groups/group-href.ts";
import { Section } from "#components/section.tsx";
import { AbsoluteTime } from "#components/time.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { User } from "#lib/schemas/user.ts";
import { LastSeen } from "./user-status.tsx";

export function UserDetails({ user }: { user: User }) {
  const t = useTranslations("user");
  const access = useTranslations("accessRules");
  const connections = useTranslations("connections");
  const open = useOpenCount(user.name);
  const roles = useTranslations("role");
  const periods = useTranslations("resetPeriod");
  const never = <span className="text-ink-3">{periods("never")}</span>;
  const none = <span className="text-ink-3">{t("none")}</span>;
  return (
    <Section title={t("details")}>
      <dl className="divide-y border-y text-sm">
        <Row label={t("lastSeen")}>
          <LastSeen user={user} />
        </Row>
        <Row label={connections("openNow")}>
          {open === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Link
              href={`/activity/connections?user=${encodeURIComponent(user.name)}`}
              className="rounded-sm underline decoration-line-strong underline-offset-2 hover:decoration-ink"
            >
              {connections("openCount", { count: open })}
            </Link>
          )}
        </Row>
        {user.groups.length === 0 ? null : (
          <Row label={access("groups")}>
            {user.groups.map((group) => (
              <Link key={group} href={groupHref(group)} className="ps-2 hover:underline">
                {group}
              </Link>
            ))}
          </Row>
        )}
        <Row label={t("limit")}>
          {user.limitBytes === null ? (
            <span className="text-ink-3">{t("noLimit")}</span>
          ) : (
            <Bytes value={user.limitBytes} />
          )}
        </Row>
        <Row label={t("resets")}>{user.resetPeriod === "never" ? never : periods(user.resetPeriod)}</Row>
        {user.nextResetAt ? (
          <Row label={t("nextReset")}>
            <AbsoluteTime at={user.nextResetAt} />
          </Row>
        ) : null}
        <Row label={t("expires")}>
          {user.expiresAt === null ? never : <AbsoluteTime at={user.expiresAt} withTime />}
        </Row>
        <Row label={t("role")}>{roles(user.role)}</Row>
        <Row label={t("email")}>{user.email ? <span className="break-all">{user.email}</span> : none}</Row>
        <Row label={t("panel")}>
          {user.hasPassword ? t("panelSet") : <span className="text-ink-3">{t("panelNotSet")}</span>}
        </Row>
        <Row label={t("created")}>
          <AbsoluteTime at={user.createdAt} />
        </Row>
        {user.note ? (
          <Row label={t("note")}>
            <span className="whitespace-pre-wrap break-words">{user.note}</span>
          </Row>
        ) : null}
        <Row label={t("id")}>
          <span className="-my-1 flex min-w-0 items-center">
            <span className="truncate font-mono text-xs" title={user.id}>
              {user.id}
            </span>
            <CopyButton text={user.id} label={t("copyId")} className="-me-2" />
          </span>
        </Row>
      </dl>
    </Section>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-6 py-2">
      <dt className="shrink-0 text-ink-2">{label}</dt>
      <dd className="min-w-0 text-end">{children}</dd>
    </div>
  );
}
