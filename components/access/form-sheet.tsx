"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Sheet } from "#components/ui/sheet.tsx";

/** A form in a sheet; what was typed is not lost by a stray Esc. */
export function FormSheet(props: {
  title: string;
  description?: string;
  submitLabel: string;
  isDirty: boolean;
  isBusy?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("userForm");
  const formId = useId();
  const [isLeaving, setLeaving] = useState(false);
  const close = () => (props.isDirty ? setLeaving(true) : props.onClose());
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title={props.title}
      {...(props.description === undefined ? {} : { description: props.description })}
      closeLabel={t("close")}
      footer={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" isBusy={props.isBusy ?? false}>
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          props.onSubmit();
        }}
      >
        {props.children}
      </form>
      <ConfirmDialog
        isOpen={isLeaving}
        onOpenChange={setLeaving}
        title={t("leaveTitle")}
        confirmLabel={t("leave")}
        cancelLabel={t("stay")}
        onConfirm={props.onClose}
      >
        {t("leaveText")}
      </ConfirmDialog>
    </Sheet>
  );
}
