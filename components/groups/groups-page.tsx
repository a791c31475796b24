"use client";
import { ChevronRight, Plus, UsersRound } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsBoolean, useQueryState } from "nuqs";
import { AccessSkeleton } from "#components/access/access-skeleton.tsx";
import { AccessTabs } from "#components/access/access-tabs.tsx";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { Group } from "#lib/schemas/group.ts";
import { groupHref } from "./group-href.ts";
import { useDestinationWords } from "./use-destination-words.ts";
import { useGroups } from "./use-groups.ts";

const GroupSheet = dynamic(() => import("./group-sheet.tsx").then((module) => module.GroupSheet));

export function GroupsPage() {
  const t = useTranslations("groups");
  const access = useTranslations("accessRules");
  const router = useRouter();
  const [isCreating, setCreating] = useQueryState("create", parseAsBoolean.withDefault(false));
  const { data, error, refetch } = useGroups();
  const create = (
    <Button variant="primary" onClick={() => void setCreating(true)}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={access("title")} action={data?.items.length ? create : null}>
        {data ? t("state", { count: data.items.length }) : null}
      </PageHeader>
      <AccessTabs />
      {data ? (
        data.items.length === 0 ? (
          <EmptyState icon={UsersRound} action={create}>
            {t("none")}
          </EmptyState>
        ) : (
          <ul aria-label={access("groups")} className="divide-y overflow-hidden rounded-lg border">
            {data.items.map((group) => (
              <GroupRow key={group.id} group={group} />
            ))}
          </ul>
        )
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <AccessSkeleton />
      )}
      {isCreating ? (
        <GroupSheet
          group={null}
          onClose={() => void setCreating(null)}
          onDone={({ name }) => router.push(groupHref(name))}
        />
      ) : null}
    </>
  );
}

function GroupRow({ group }: { group: Group }) {
  const t = useTranslations("groups");
  const words = useDestinationWords();
  return (
    <li className="relative flex items-center gap-4 px-4 py-3 text-sm hover:bg-hover">
      <span className="grid min-w-0 flex-1 gap-x-6 gap-y-0.5 md:grid-cols-[minmax(0,5fr)_minmax(0,2fr)_minmax(0,4fr)]">
        <span className="min-w-0">
          <Link
            href={groupHref(group.name)}
            className="rounded-sm font-medium after:absolute after:inset-0 focus-visible:after:-outline-offset-2"
          >
            {group.name}
          </Link>
          {group.note === "" ? null : <span className="block truncate text-ink-3 text-xs">{group.note}</span>}
        </span>
        <span className="tabular-nums">{t("members", { count: group.members })}</span>
        <span className="text-ink-2">{words(group.destinations)}</span>
      </span>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 rtl:rotate-180" />
    </li>
  );
}
