"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { useMe } from "#components/me.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { ApiError } from "#lib/api-error.ts";
import { RESET_PERIODS, ROLES } from "#lib/user-terms.ts";
import { toLocalInput, type UserFormValues, userFormSchema } from "./user-form-schema.ts";

const DAY_MS = 86_400_000;
const FIELD_OF: Record<string, keyof UserFormValues> = {
  name: "name",
  email: "email",
  role: "role",
  note: "note",
  limitBytes: "limit",
  resetPeriod: "resetPeriod",
  expiresAt: "expires",
};

/** Create needs a name and Enter; the rest is folded away there, and open when editing. */
export function UserForm(props: {
  formId: string;
  mode: "create" | "edit";
  values: UserFormValues;
  onSubmit: (values: UserFormValues) => Promise<unknown>;
  onDirtyChange: (isDirty: boolean) => void;
  onBusyChange: (isBusy: boolean) => void;
}) {
  const t = useTranslations("userForm");
  const roles = useTranslations("role");
  const periods = useTranslations("resetPeriod");
  const me = useMe();
  const [failure, setFailure] = useState<string | null>(null);
  const isEdit = props.mode === "edit";
  const form = useForm({ resolver: zodResolver(userFormSchema), defaultValues: props.values });
  const { errors, isDirty, isSubmitting } = form.formState;
  const { onDirtyChange, onBusyChange } = props;
  useEffect(() => onDirtyChange(isDirty), [isDirty, onDirtyChange]);
  useEffect(() => onBusyChange(isSubmitting), [isSubmitting, onBusyChange]);

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      await props.onSubmit(values);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const known = error.errors.filter((line) => FIELD_OF[line.path]);
      for (const line of known) form.setError(FIELD_OF[line.path] ?? "name", { message: line.message });
      if (error.code === "CONFLICT" && !isEdit) form.setError("name", { message: error.detail });
      else if (known.length === 0) setFailure(error.detail);
    }
  });

  const advanced = (
    <div className="flex flex-col gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t("limit")} hint={t("limitHint")} error={errors.limit?.message}>
          {(control) => (
            <Input {...control} {...form.register("limit")} placeholder="50 GB" autoComplete="off" />
          )}
        </Field>
        <Field label={t("reset")} hint={t("resetHint")} error={errors.resetPeriod?.message}>
          {(control) => (
            <Select {...control} {...form.register("resetPeriod")}>
              {RESET_PERIODS.map((period) => (
                <option key={period} value={period}>
                  {periods(period)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field label={t("expires")} hint={t("expiresHint")} error={errors.expires?.message}>
        {(control) => (
          <>
            <Input {...control} {...form.register("expires")} type="datetime-local" />
            <span className="flex flex-wrap gap-1.5">
              {([30, 90, 365] as const).map((days) => (
                <Button
                  key={days}
                  size="sm"
                  onClick={() =>
                    form.setValue("expires", toLocalInput(Date.now() + days * DAY_MS), { shouldDirty: true })
                  }
                >
                  {t(`in${days}`)}
                </Button>
              ))}
              <Button size="sm" onClick={() => form.setValue("expires", "", { shouldDirty: true })}>
                {t("never")}
              </Button>
            </span>
          </>
        )}
      </Field>
      <Field label={t("role")} hint={t("roleHint")} error={errors.role?.message}>
        {(control) => (
          <Select {...control} {...form.register("role")}>
            {[...ROLES].reverse().map((role) => (
              <option key={role} value={role} disabled={role === "owner" && me.role !== "owner"}>
                {roles(role)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("email")} error={errors.email?.message}>
        {(control) => <Input {...control} {...form.register("email")} type="email" autoComplete="off" />}
      </Field>
      <Field label={t("note")} hint={t("noteHint")} error={errors.note?.message}>
        {(control) => <Textarea {...control} {...form.register("note")} />}
      </Field>
    </div>
  );

  const isAdvancedWrong = Object.keys(errors).some((key) => key !== "name" && key !== "root");
  return (
    <form
      id={props.formId}
      onSubmit={(event) => void submit(event)}
      noValidate
      className="flex flex-col gap-5"
    >
      {failure ? (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      ) : null}
      {isEdit ? (
        advanced
      ) : (
        <>
          <Field label={t("name")} hint={t("nameHint")} error={errors.name?.message}>
            {(control) => (
              <Input
                {...control}
                {...form.register("name")}
                placeholder="ada"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
              />
            )}
          </Field>
          <details className="group" open={isAdvancedWrong || undefined}>
            <summary className="-mx-2 flex w-fit list-none items-center gap-1.5 rounded-md px-2 py-1 font-medium text-ink-2 text-sm hover:bg-hover hover:text-ink">
              <ChevronRight
                aria-hidden
                className="size-4 transition-transform duration-100 group-open:rotate-90"
              />
              {t("advanced")}
            </summary>
            <div className="pt-4">{advanced}</div>
          </details>
        </>
      )}
    </form>
  );
}
