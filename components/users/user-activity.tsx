"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { api } from "#components/api.ts";
import { useActionWords } from "#components/audit/use-action-words.ts";
import { ErrorState } from "#components/error-state.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { Section } from "#components/section.tsx";
import { RelativeTime } from "#components/time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The last things that happened to this account. */
export function UserActivity({ name }: { name: string }) {
  const t = useTranslations("user");
  const audit = useTranslations("audit");
  const actionWords = useActionWords();
  const entries = useQuery({
    queryKey: [...queryKeys.audit(name), "latest"],
    queryFn: ({ signal }) => api.listAudit({ user: name, limit: 8 }, { signal }),
    refetchInterval: 15_000,
  });
  return (
    <Section
      title={t("activity")}
      action={
        <Link
          href={`/activity?user=${encodeURIComponent(name)}`}
          className="rounded-sm text-accent-text text-sm hover:underline"
        >
          {t("allActivity")}
        </Link>
      }
    >
      {entries.data ? (
        entries.data.items.length === 0 ? (
          <p className="text-ink-2 text-sm">{t("noActivity", { name })}</p>
        ) : (
          <ol className="flex flex-col gap-3 text-sm">
            {entries.data.items.map((entry) => (
              <li key={entry.id} className="flex items-baseline justify-between gap-4">
                <span className="min-w-0">
                  {actionWords(entry.action)}{" "}
                  <span className="text-ink-3">{audit("by", { actor: entry.actor })}</span>
                </span>
                <span className="shrink-0 text-ink-3 text-xs">
                  <RelativeTime at={entry.at} />
                </span>
              </li>
            ))}
          </ol>
        )
      ) : entries.error ? (
        <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />
      ) : (
        <span className="flex flex-col gap-3">
          <Skeleton className="h-4" />
          <Skeleton className="h-4" />
          <Skeleton className="h-4" />
        </span>
      )}
    </Section>
  );
}
