"use client";
import { Ellipsis, Pencil, Power } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMe } from "#components/me.tsx";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { LazyMenu } from "#components/ui/lazy-menu.tsx";
import type { User } from "#lib/schemas/user.ts";
import { useUserWrites } from "./use-users.ts";
import type { UserQuestion } from "./user-confirm.tsx";

const loadUserMenu = () => import("./user-menu.tsx").then((module) => module.UserMenu);
const InviteSheet = dynamic(() => import("./invite-sheet.tsx").then((module) => module.InviteSheet));
const UserConfirm = dynamic(() => import("./user-confirm.tsx").then((module) => module.UserConfirm));
const EditUserSheet = dynamic(() => import("./edit-user-sheet.tsx").then((module) => module.EditUserSheet));

/** Everything that can be done with one account. What cuts or destroys asks first. */
export function UserActions({ user }: { user: User }) {
  const t = useTranslations("user");
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
      <LazyMenu
        load={loadUserMenu}
        menuProps={{ isMine, onInvite: () => writes.invite.mutate(), onAsk: setQuestion }}
        trigger={
          <Button size="icon" aria-label={t("more")}>
            <Ellipsis aria-hidden />
          </Button>
        }
      />
      {question ? (
        <UserConfirm
          user={user}
          question={question}
          isBusy={writes.reset.isPending || writes.rotate.isPending || writes.remove.isPending}
          onClose={() => setQuestion(null)}
          onConfirm={() => answers[question]()}
        />
      ) : null}
      {writes.invite.data ? (
        <InviteSheet name={user.name} invite={writes.invite.data} onClose={() => writes.invite.reset()} />
      ) : null}
      {isEditing ? <EditUserSheet user={user} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
