"use client";
import { UserRoundX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ByDoor } from "#components/usage/by-door.tsx";
import { LimitBar } from "#components/usage/limit-bar.tsx";
import { UsageOverTime } from "#components/usage/usage-over-time.tsx";
import { useUsage } from "#components/usage/use-usage.ts";
import { ApiError } from "#lib/api-error.ts";
import { useUser } from "./use-users.ts";
import { UserAccess } from "./user-access.tsx";
import { UserActions } from "./user-actions.tsx";
import { UserActivity } from "./user-activity.tsx";
import { UserDetails } from "./user-details.tsx";
import { UserPageSkeleton } from "./user-page-skeleton.tsx";
import { UserStateLine } from "./user-state-line.tsx";

export function UserPage({ name }: { name: string }) {
  const roles = useTranslations("role");
  const user = useUser(name);
  const usage = useUsage(name);
  if (user.error instanceof ApiError && user.error.status === 404) return <NotFound name={name} />;
  if (!user.data) {
    if (!user.error) return <UserPageSkeleton />;
    return <ErrorState error={user.error} onRetry={() => void user.refetch()} />;
  }
  const { role } = user.data;
  return (
    <>
      <PageHeader
        title={
          <span className="inline-flex items-center gap-2.5">
            {user.data.name}
            {role === "user" ? null : <Badge className="font-normal tracking-normal">{roles(role)}</Badge>}
          </span>
        }
        action={<UserActions user={user.data} />}
      >
        <UserStateLine user={user.data} />
      </PageHeader>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_280px]">
        <div className="flex min-w-0 flex-col gap-10">
          <LimitBar user={user.data} />
          <UsageOverTime userRef={name} />
          {usage.data ? <ByDoor usage={usage.data} /> : null}
          <UserAccess user={user.data} />
        </div>
        <div className="flex min-w-0 flex-col gap-10">
          <UserDetails user={user.data} />
          <UserActivity name={name} />
        </div>
      </div>
    </>
  );
}

function NotFound({ name }: { name: string }) {
  const t = useTranslations("user");
  return (
    <>
      <PageHeader title={t("notFoundTitle", { name })} />
      <EmptyState
        icon={UserRoundX}
        action={
          <Button asChild>
            <Link href="/users">{t("backToUsers")}</Link>
          </Button>
        }
      >
        {t("notFoundText")}
      </EmptyState>
    </>
  );
}
