"use client";
import { Search, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { Section } from "#components/section.tsx";
import { toast } from "#components/toast.ts";
import { toastError } from "#components/toast-error.ts";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { UserStatus } from "#components/users/user-status.tsx";
import type { Group } from "#lib/schemas/group.ts";
import { AddMembers } from "./add-members.tsx";
import { useGroupMembers, useGroupWrites } from "./use-groups.ts";

const SEARCH_FROM = 8;

/** Who is in it: added by name, taken out with a click, searched when they are many. */
export function GroupMembers({ group }: { group: Group }) {
  const t = useTranslations("groups");
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const list = useGroupMembers(group.name, query);
  const { members } = useGroupWrites();
  const users = list.data?.pages.flatMap((page) => page.items);

  const takeOut = (name: string) =>
    members.mutate(
      { id: group.id, remove: [name] },
      {
        onSuccess: () =>
          toast.success(t("takenOut", { name, group: group.name }), {
            action: {
              label: t("undo"),
              onClick: () => members.mutate({ id: group.id, add: [name] }, { onError: toastError }),
            },
          }),
        onError: toastError,
      },
    );

  return (
    <Section
      title={t("membersTitle")}
      action={
        group.members >= SEARCH_FROM ? (
          <span className="relative w-full sm:w-56">
            <Search
              aria-hidden
              className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-ink-3"
            />
            <Input
              type="search"
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={t("search")}
              aria-label={t("search")}
              className="h-8 ps-8.5 text-sm"
            />
          </span>
        ) : null
      }
    >
      <AddMembers group={group} />
      {users ? (
        users.length === 0 ? (
          <p className="py-2 text-ink-2 text-sm">
            {query === "" ? t("noMembers") : t("noneFound", { query })}
          </p>
        ) : (
          <ul aria-label={t("membersTitle")} className="divide-y overflow-hidden rounded-lg border text-sm">
            {users.map((user) => (
              <li key={user.id} className="flex items-center gap-4 py-1 ps-4 pe-1.5 hover:bg-hover">
                <Link
                  href={`/users/${encodeURIComponent(user.name)}`}
                  className="min-w-0 flex-1 truncate rounded-sm font-medium hover:underline"
                >
                  {user.name}
                </Link>
                <UserStatus status={user.status} />
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={t("takeOut", { name: user.name })}
                  title={t("takeOut", { name: user.name })}
                  onClick={() => takeOut(user.name)}
                >
                  <X aria-hidden />
                </Button>
              </li>
            ))}
          </ul>
        )
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Skeleton className="h-24 rounded-lg" />
      )}
      {list.hasNextPage ? (
        <Button
          className="self-center"
          isBusy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("more")}
        </Button>
      ) : null}
    </Section>
  );
}
