"use client";
import { Pencil, Trash2, UsersRound } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { AccessSkeleton } from "#components/access/access-skeleton.tsx";
import { AccessTabs } from "#components/access/access-tabs.tsx";
import { useAccessPolicy } from "#components/access/use-access.ts";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { toast } from "#components/toast.ts";
import { toastError } from "#components/toast-error.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { Group } from "#lib/schemas/group.ts";
import { GroupDestinations } from "./group-destinations.tsx";
import { groupHref } from "./group-href.ts";
import { GroupMembers } from "./group-members.tsx";
import { useDestinationWords } from "./use-destination-words.ts";
import { useGroups, useGroupWrites } from "./use-groups.ts";

const GroupSheet = dynamic(() => import("./group-sheet.tsx").then((module) => module.GroupSheet));
const ConfirmDialog = dynamic(() =>
  import("#components/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog),
);

/** One group: who is in it, where they may go, and which access rules name it. */
export function GroupPage({ name }: { name: string }) {
  const t = useTranslations("groups");
  const groups = useGroups();
  const group = groups.data?.items.find((candidate) => candidate.name === name);
  if (group) return <OneGroup group={group} />;
  if (!groups.data)
    return groups.error ? (
      <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />
    ) : (
      <AccessSkeleton />
    );
  return (
    <>
      <PageHeader title={t("notFoundTitle", { name })} />
      <EmptyState
        icon={UsersRound}
        action={
          <Button asChild>
            <Link href="/access/groups">{t("all")}</Link>
          </Button>
        }
      >
        {t("notFoundText")}
      </EmptyState>
    </>
  );
}

function OneGroup({ group }: { group: Group }) {
  const t = useTranslations("groups");
  const words = useDestinationWords();
  const format = useFormatter();
  const router = useRouter();
  const policy = useAccessPolicy();
  const { remove } = useGroupWrites();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const naming = (policy.data?.rules ?? []).flatMap((rule, index) =>
    rule.groups.includes(group.name) ? [String(index + 1)] : [],
  );
  const rules = { count: naming.length, rules: format.list(naming) };
  return (
    <>
      <PageHeader
        title={group.name}
        action={
          <>
            <Button onClick={() => setOpen("edit")}>
              <Pencil aria-hidden />
              {t("edit")}
            </Button>
            <Button variant="danger-outline" onClick={() => setOpen("delete")}>
              <Trash2 aria-hidden />
              {t("delete")}
            </Button>
          </>
        }
      >
        {t("stateOne", { count: group.members, where: words(group.destinations) })}{" "}
        {naming.length === 0 ? null : (
          <Link href="/access" className="rounded-sm text-accent-text underline underline-offset-2">
            {t("namedBy", rules)}
          </Link>
        )}
        {group.note === "" ? null : <span className="block text-ink-3 text-sm">{group.note}</span>}
      </PageHeader>
      <AccessTabs />
      <div className="flex flex-col gap-10">
        <GroupMembers group={group} />
        <GroupDestinations group={group} />
      </div>
      {open === "edit" ? (
        <GroupSheet
          group={group}
          onClose={() => setOpen(null)}
          onDone={({ name }) => {
            setOpen(null);
            toast.success(t("saved", { name }));
            if (name !== group.name) router.replace(groupHref(name));
          }}
        />
      ) : null}
      {open === "delete" ? (
        <ConfirmDialog
          isOpen
          onOpenChange={(isOpen) => setOpen(isOpen ? "delete" : null)}
          title={t("deleteTitle", { name: group.name })}
          confirmLabel={t("delete")}
          cancelLabel={t("cancel")}
          isDanger
          isBusy={remove.isPending}
          onConfirm={() =>
            remove.mutate(group.id, {
              onSuccess: () => {
                toast.success(t("deleted", { name: group.name }));
                router.push("/access/groups");
              },
              onError: toastError,
            })
          }
          typeToConfirm={{
            word: group.name,
            label: t.rich("deleteType", {
              name: () => <b className="font-mono font-semibold">{group.name}</b>,
            }),
          }}
        >
          {naming.length > 0 ? t("deleteNamed", rules) : t("deleteText", { count: group.members })}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
