"use client";
import { useTranslations } from "next-intl";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { formatBytes } from "#lib/format-bytes.ts";
import type { User } from "#lib/schemas/user.ts";

export type UserQuestion = "disable" | "reset" | "rotate" | "delete";

/** Says what will happen to this account and to its live connections. */
export function UserConfirm(props: {
  user: User;
  question: UserQuestion;
  isBusy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const t = useTranslations("user");
  const { name, isOnline, usedBytes } = props.user;
  const online = isOnline ? "yes" : "no";
  const words = {
    disable: {
      title: t("disableTitle", { name }),
      text: t("disableText", { name, online }),
      label: t("disable"),
      isDanger: true,
    },
    reset: {
      title: t("resetTitle", { name }),
      text: t("resetText", { used: formatBytes(usedBytes) }),
      label: t("resetUsage"),
      isDanger: false,
    },
    rotate: {
      title: t("rotateTitle", { name }),
      text: t("rotateText", { name, online }),
      label: t("rotate"),
      isDanger: true,
    },
    delete: {
      title: t("deleteTitle", { name }),
      text: t("deleteText", { name, online }),
      label: t("delete"),
      isDanger: true,
    },
  }[props.question];
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={words.title}
      confirmLabel={words.label}
      cancelLabel={t("cancel")}
      isDanger={words.isDanger}
      isBusy={props.isBusy}
      onConfirm={props.onConfirm}
      {...(props.question === "delete"
        ? {
            typeToConfirm: {
              word: name,
              label: t.rich("deleteType", { name: () => <b className="font-mono font-semibold">{name}</b> }),
            },
          }
        : {})}
    >
      {words.text}
    </ConfirmDialog>
  );
}
