"use client";
import { Ellipsis, KeyRound, Mail, Pencil, Power, RotateCcw, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { useMe } from "#components/me.tsx";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import type { User } from "#lib/schemas/user.ts";
import { InviteSheet } from "./invite-sheet.tsx";
import { useUserWrites } from "./use-users.ts";
import { UserConfirm, type UserQuestion } from "./user-confirm.tsx";
import { toFormValues, toUpdateInput } from "./user-form-schema.ts";
import { UserFormSheet } from "./user-form-sheet.tsx";

/** Everything that can be done with one account. What cuts or destroys asks first. */
export function UserActions({ user }: { user: User }) {
  const t = useTranslations("user");
  const form = useTranslations("userForm");
  const me = useMe();
  const router = useRouter();
  const writes = useUserWrites(user);
  const [question, setQuestion] = useState<UserQuestion | null>(null);
  const [isEditing, setEditing] = useState(false);
  const isMine = me.name === user.name;
  const mayChange = user.role !== "owner" || me.role === "owner";
  const isOff = user.status === "disabled";

  const enable = () =>
    writes.enable.mutate(undefined, {
      onSuccess: () => toast.success(t("enabled", { name: user.name })),
    });
  const answers: Record<UserQuestion, () => void> = {
    disable: () => {
      setQuestion(null);
      writes.disable.mutate(undefined, {
        onSuccess: () =>
          toast.success(t("disabled", { name: user.name }), {
            action: { label: t("undo"), onClick: enable },
          }),
      });
    },
    reset: () =>
      writes.reset.mutate(undefined, {
        onSuccess: () => toast.success(t("resetDone", { name: user.name })),
        onSettled: () => setQuestion(null),
      }),
    rotate: () =>
      writes.rotate.mutate(undefined, {
        onSuccess: () => toast.success(t("rotateDone", { name: user.name })),
        onSettled: () => setQuestion(null),
      }),
    delete: () =>
      writes.remove.mutate(undefined, {
        onSuccess: () => {
          router.replace("/users");
          toast.success(t("deleteDone", { name: user.name }));
        },
        onError: () => setQuestion(null),
      }),
  };

  if (!mayChange) return null;
  return (
    <>
      <Button onClick={() => setEditing(true)}>
        <Pencil aria-hidden />
        {t("edit")}
      </Button>
      {isOff ? (
        <Button variant="primary" onClick={enable}>
          <Power aria-hidden />
          {t("enable")}
        </Button>
      ) : (
        <Button variant="danger-outline" onClick={() => setQuestion("disable")} disabled={isMine}>
          <Power aria-hidden />
          {t("disable")}
        </Button>
      )}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="icon" aria-label={t("more")}>
            <Ellipsis aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={() => writes.invite.mutate()}>
            <Mail aria-hidden />
            {t("invite")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setQuestion("reset")}>
            <RotateCcw aria-hidden />
            {t("resetUsage")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setQuestion("rotate")}>
            <KeyRound aria-hidden />
            {t("rotate")}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem isDanger disabled={isMine} onSelect={() => setQuestion("delete")}>
            <Trash2 aria-hidden />
            {t("delete")}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <UserConfirm
        user={user}
        question={question}
        isBusy={writes.reset.isPending || writes.rotate.isPending || writes.remove.isPending}
        onClose={() => setQuestion(null)}
        onConfirm={() => question && answers[question]()}
      />
      {writes.invite.data ? (
        <InviteSheet name={user.name} invite={writes.invite.data} onClose={() => writes.invite.reset()} />
      ) : null}
      {isEditing ? (
        <UserFormSheet
          isOpen
          onClose={() => setEditing(false)}
          mode="edit"
          title={form("editTitle", { name: user.name })}
          values={toFormValues(user)}
          onSubmit={async (values) => {
            await writes.update.mutateAsync(toUpdateInput(values, user));
            toast.success(form("saved", { name: user.name }));
            setEditing(false);
          }}
        />
      ) : null}
    </>
  );
}
