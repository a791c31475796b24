"use client";
import { useTranslations } from "next-intl";
import { toast } from "#components/toast.ts";
import { toastError } from "#components/toast-error.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { Connection } from "./arrange-connections.ts";
import { useEndConnection } from "./use-connections.ts";

/** Ends one connection; says what that does not do. */
export function EndDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const t = useTranslations("connections");
  const end = useEndConnection();
  const { userName, target, ip } = connection;
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={t("endTitle", { user: userName })}
      confirmLabel={t("endThis")}
      cancelLabel={t("cancel")}
      isDanger
      isBusy={end.isPending}
      onConfirm={() =>
        end.mutate(connection.id, {
          onSuccess: () => toast.success(t("ended", { user: userName })),
          onError: (error) =>
            error instanceof ApiError && error.status === 404
              ? toast.message(t("endedAlready"))
              : toastError(error),
          onSettled: onClose,
        })
      }
    >
      <p className="break-all font-mono text-sm">{target === null ? ip : `${ip} → ${target}`}</p>
      <p className="pt-2">{t("endText", { user: userName })}</p>
    </ConfirmDialog>
  );
}
