"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useForm } from "react-hook-form";
import type { z } from "zod";
import { api } from "#components/api.ts";
import { useMe } from "#components/me.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { Section } from "#components/section.tsx";
import { toast } from "#components/toast.ts";
import { toastError } from "#components/toast-error.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { ApiError } from "#lib/api-error.ts";
import { changePasswordInputSchema } from "#lib/schemas/session.ts";

type Input = z.infer<typeof changePasswordInputSchema>;
const FIELDS = ["currentPassword", "newPassword"] as const;

/** The panel password; what is wrong with it is said beside the field. */
export function PasswordForm() {
  const t = useTranslations("security");
  const me = useMe();
  const client = useQueryClient();
  const form = useForm<Input>({
    resolver: zodResolver(changePasswordInputSchema),
    defaultValues: { currentPassword: "", newPassword: "" },
  });
  const change = useMutation({
    mutationFn: (input: Input) => api.changePassword(input),
    onSuccess: () => {
      form.reset();
      toast.success(t("passwordChanged"));
      return client.invalidateQueries({ queryKey: queryKeys.sessions });
    },
    onError: (error) => {
      const wrong = error instanceof ApiError ? error.errors : [];
      const named = FIELDS.flatMap((name) => wrong.filter(({ path }) => path === name).slice(0, 1));
      for (const { path, message } of named) form.setError(path as (typeof FIELDS)[number], { message });
      const first = FIELDS.find((name) => named.some(({ path }) => path === name));
      if (first) form.setFocus(first);
      else toastError(error);
    },
  });
  const { errors } = form.formState;
  const labels = { show: t("showPassword"), hide: t("hidePassword") };
  return (
    <Section title={t("password")}>
      <form
        noValidate
        onSubmit={(event) => void form.handleSubmit((input) => change.mutate(input))(event)}
        className="flex max-w-form flex-col gap-4"
      >
        <input type="hidden" name="username" autoComplete="username" value={me.name} readOnly />
        <Field label={t("current")} error={errors.currentPassword?.message}>
          {(control) => (
            <PasswordInput
              {...control}
              {...form.register("currentPassword")}
              labels={labels}
              autoComplete="current-password"
            />
          )}
        </Field>
        <Field label={t("new")} hint={t("newHint")} error={errors.newPassword?.message}>
          {(control) => (
            <PasswordInput
              {...control}
              {...form.register("newPassword")}
              labels={labels}
              autoComplete="new-password"
            />
          )}
        </Field>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" variant="primary" isBusy={change.isPending}>
            {t("changePassword")}
          </Button>
          <p className="text-ink-3 text-sm">{t("passwordConsequence")}</p>
        </div>
      </form>
    </Section>
  );
}
