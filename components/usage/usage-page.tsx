"use client";
import { useTranslations } from "next-intl";
import { BlockedNotice } from "#components/connect/blocked-notice.tsx";
import { useOwnUser } from "#components/connect/use-own-account.ts";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { formatBytes } from "#lib/format-bytes.ts";
import type { User } from "#lib/schemas/user.ts";
import { ByDoor } from "./by-door.tsx";
import { LimitBar } from "./limit-bar.tsx";
import { UsageOverTime } from "./usage-over-time.tsx";
import { UsageSkeleton } from "./usage-skeleton.tsx";
import { useUsage } from "./use-usage.ts";

export function UsagePage() {
  const t = useTranslations("usage");
  const user = useOwnUser();
  const usage = useUsage("me");
  const error = user.error ?? usage.error;
  if (!user.data || !usage.data) {
    if (!error) return <UsageSkeleton />;
    const retry = () => void Promise.all([user.refetch(), usage.refetch()]);
    return (
      <>
        <PageHeader title={t("title")} />
        <ErrorState error={error} onRetry={retry} />
      </>
    );
  }
  return (
    <>
      <PageHeader title={t("title")}>
        <StateInWords user={user.data} />
      </PageHeader>
      <div className="flex flex-col gap-10">
        <BlockedNotice user={user.data} />
        <LimitBar user={user.data} />
        <UsageOverTime userRef="me" isOwn />
        <ByDoor usage={usage.data} />
      </div>
    </>
  );
}

function StateInWords({ user }: { user: User }) {
  const t = useTranslations("usage");
  const used = formatBytes(user.usedBytes);
  if (user.limitBytes === null) return t("state", { used });
  const limit = formatBytes(user.limitBytes);
  return user.usedBytes >= user.limitBytes ? t("stateAll", { limit }) : t("stateLimited", { used, limit });
}
