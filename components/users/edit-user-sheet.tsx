"use client";
import { useTranslations } from "next-intl";
import { toast } from "#components/toast.ts";
import type { User } from "#lib/schemas/user.ts";
import { useUserWrites } from "./use-users.ts";
import { toFormValues, toUpdateInput } from "./user-form-schema.ts";
import { UserFormSheet } from "./user-form-sheet.tsx";

export function EditUserSheet({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useTranslations("userForm");
  const { update } = useUserWrites(user);
  return (
    <UserFormSheet
      isOpen
      onClose={onClose}
      mode="edit"
      title={t("editTitle", { name: user.name })}
      values={toFormValues(user)}
      onSubmit={async (values) => {
        await update.mutateAsync(toUpdateInput(values, user));
        toast.success(t("saved", { name: user.name }));
        onClose();
      }}
    />
  );
}
