"use client";
import { useTranslations } from "next-intl";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { useCreateUser } from "./use-users.ts";
import { EMPTY_USER_FORM, toCreateInput } from "./user-form-schema.ts";
import { UserFormSheet } from "./user-form-sheet.tsx";

export function CreateUserSheet(props: { onClose: () => void; onCreated: (user: UserSecrets) => void }) {
  const t = useTranslations("userForm");
  const create = useCreateUser();
  return (
    <UserFormSheet
      isOpen
      onClose={props.onClose}
      mode="create"
      title={t("createTitle")}
      values={EMPTY_USER_FORM}
      onSubmit={async (values) => props.onCreated(await create.mutateAsync(toCreateInput(values)))}
    />
  );
}
