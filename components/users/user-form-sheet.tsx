"use client";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { UserForm } from "./user-form.tsx";
import type { UserFormValues } from "./user-form-schema.ts";

/** The form in its sheet; what was typed is not lost by a stray Esc. */
export function UserFormSheet(props: {
  isOpen: boolean;
  onClose: () => void;
  mode: "create" | "edit";
  title: string;
  values: UserFormValues;
  onSubmit: (values: UserFormValues) => Promise<unknown>;
}) {
  const t = useTranslations("userForm");
  const formId = useId();
  const [isDirty, setDirty] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const close = () => (isDirty ? setLeaving(true) : props.onClose());
  return (
    <Sheet
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title={props.title}
      {...(props.mode === "create" ? { description: t("createText") } : {})}
      closeLabel={t("close")}
      footer={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={isBusy}>
            {props.mode === "create" ? t("create") : t("save")}
          </Button>
        </>
      }
    >
      <UserForm
        formId={formId}
        mode={props.mode}
        values={props.values}
        onSubmit={async (values) => {
          await props.onSubmit(values);
          setDirty(false);
        }}
        onDirtyChange={setDirty}
        onBusyChange={setBusy}
      />
      <ConfirmDialog
        isOpen={isLeaving}
        onOpenChange={setLeaving}
        title={t("leaveTitle")}
        confirmLabel={t("leave")}
        cancelLabel={t("stay")}
        onConfirm={() => {
          setLeaving(false);
          setDirty(false);
          props.onClose();
        }}
      >
        {t("leaveText")}
      </ConfirmDialog>
    </Sheet>
  );
}
