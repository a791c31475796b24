"use client";
import { useTranslations } from "next-intl";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { PasswordForm } from "./password-form.tsx";
import { SecretList } from "./secret-list.tsx";
import { SessionList } from "./session-list.tsx";
import { useSessions } from "./use-sessions.ts";

export function SecurityPage() {
  const t = useTranslations("security");
  const { data, error, refetch } = useSessions();
  return (
    <>
      <PageHeader title={t("title")}>{data ? t("state", { count: data.items.length }) : null}</PageHeader>
      <div className="flex max-w-190 flex-col gap-10">
        <PasswordForm />
        {data ? (
          <SessionList sessions={data.items} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton className="h-40 rounded-lg" />
        )}
        <SecretList />
      </div>
    </>
  );
}
