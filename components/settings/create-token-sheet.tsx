"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { api } from "#components/api.ts";
import { queryKeys } from "#components/query-keys.ts";
import { toastError } from "#components/toast-error.ts";
import { Button } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { CreateTokenForm } from "./create-token-form.tsx";
import { CreatedToken } from "./created-token.tsx";
import { type TokenForm, toExpiresAt } from "./token-input.ts";

/** Name, scopes, expiry; then the token, once. */
export function CreateTokenSheet(props: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("settings");
  const formId = useId();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: ({ name, scopes, expiry }: TokenForm) =>
      api.createToken({ name, scopes, expiresAt: toExpiresAt(expiry, Date.now()) }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.tokens }),
    onError: toastError,
  });
  const created = create.data;
  const close = () => {
    props.onClose();
    create.reset();
  };
  return (
    <Sheet
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title={created ? t("createdTitle") : t("createTitle")}
      description={created ? created.name : t("createDescription")}
      closeLabel={t("close")}
      footer={
        created ? (
          <Button variant="primary" onClick={close}>
            {t("done")}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t("cancel")}</Button>
            <Button type="submit" form={formId} variant="primary" isBusy={create.isPending}>
              {t("create")}
            </Button>
          </>
        )
      }
    >
      {created ? (
        <CreatedToken token={created.token} />
      ) : (
        <CreateTokenForm id={formId} onSubmit={(form) => create.mutate(form)} />
      )}
    </Sheet>
  );
}
