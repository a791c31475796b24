"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { api } from "#components/api.ts";
import { Bytes } from "#components/bytes.tsx";
import { ErrorState } from "#components/error-state.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { Section } from "#components/section.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { LastSeen } from "#components/users/user-status.tsx";

/** The five who used most. */
export function TopUsers() {
  const t = useTranslations("overview");
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.topUsers,
    queryFn: ({ signal }) => api.listUsers({ sort: "usedBytes", order: "desc", limit: 5 }, { signal }),
    refetchInterval: 10_000,
  });
  const users = data?.items.filter((user) => user.usedBytes > 0) ?? [];
  const most = users[0]?.usedBytes ?? 1;
  return (
    <Section
      title={t("topUsers")}
      action={
        <Link
          href="/users?sort=usedBytes&order=desc"
          className="rounded-sm text-accent-text text-sm hover:underline"
        >
          {t("allUsers")}
        </Link>
      }
    >
      {!data ? (
        error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton className="h-44 rounded-lg" />
        )
      ) : users.length === 0 ? (
        <p className="border-y py-8 text-center text-ink-2 text-sm">{t("noTraffic")}</p>
      ) : (
        <ol className="border-t text-sm">
          {users.map((user) => (
            <li key={user.id} className="relative border-b hover:bg-hover">
              <Link
                href={`/users/${user.name}`}
                className="relative grid grid-cols-[minmax(0,1fr)_auto_5.5rem] items-center gap-4 py-2.5 pe-1"
              >
                <span
                  aria-hidden
                  className="absolute inset-y-1 start-0 rounded-sm bg-accent-well"
                  style={{ inlineSize: `${(user.usedBytes / most) * 60}%` }}
                />
                <span className="relative truncate ps-2 font-medium">{user.name}</span>
                <span className="relative text-ink-2 text-xs">
                  <LastSeen user={user} />
                </span>
                <Bytes value={user.usedBytes} className="relative text-end" />
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
