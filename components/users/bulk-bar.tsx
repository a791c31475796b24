"use client";
import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { User } from "#lib/schemas/user.ts";

const AT_ONCE = 8;

/** What can be done with the selected, how many they are, and whom it hits. */
export function BulkBar({ users, onClear }: { users: User[]; onClear: () => void }) {
  const t = useTranslations("users");
  const user = useTranslations("user");
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  if (users.length === 0) return null;
  const active = users.filter((one) => one.status === "active").length;
  const online = users.filter((one) => one.isOnline).length;

  const run = async (act: (name: string) => Promise<User>) => {
    setBusy(true);
    const failures: string[] = [];
    const queue = [...users];
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        await act(next.name).catch((error: Error) => failures.push(error.message));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await client.invalidateQueries({ queryKey: queryKeys.users });
    void client.invalidateQueries({ queryKey: queryKeys.status });
    setBusy(false);
    setAsking(false);
    const [detail] = failures;
    if (detail) {
      toast.error(t("bulkPartly", { done: users.length - failures.length, failed: failures.length, detail }));
    } else {
      toast.success(t("bulkDone", { count: users.length }));
      onClear();
    }
  };

  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-18 z-30 flex justify-center px-4 md:bottom-6">
      <section
        aria-label={t("selected", { count: users.length })}
        className="pointer-events-auto flex max-w-full animate-in items-center gap-2 rounded-xl bg-raised p-2 ps-4 text-sm shadow-pop"
      >
        <span className="pe-2 tabular-nums max-sm:flex max-sm:flex-col">
          <span className="font-medium">{t("selected", { count: users.length })}</span>
          <span className="text-ink-3 max-sm:text-xs sm:ps-2">
            {active + online > 0 && t("bulkEffect", { active, online })}
          </span>
        </span>
        <Button variant="danger-outline" disabled={isBusy} onClick={() => setAsking(true)}>
          {t("bulkDisable")}
        </Button>
        <Button isBusy={isBusy && !isAsking} onClick={() => void run((name) => api.enableUser(name))}>
          {t("bulkEnable")}
        </Button>
        <Button variant="ghost" size="icon" aria-label={t("clearSelection")} onClick={onClear}>
          <X aria-hidden />
        </Button>
      </section>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={t("bulkDisableTitle", { count: users.length })}
        confirmLabel={t("bulkDisable")}
        cancelLabel={user("cancel")}
        isDanger
        isBusy={isBusy}
        onConfirm={() => void run((name) => api.disableUser(name))}
      >
        {t("bulkDisableText", { online })}
      </ConfirmDialog>
    </div>
  );
}
