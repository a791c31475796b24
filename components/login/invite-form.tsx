"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api } from "#components/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { ApiError } from "#lib/api-error.ts";
import { acceptInviteInputSchema } from "#lib/schemas/session.ts";

export function InviteForm({ token, name }: { token: string; name: string }) {
  const t = useTranslations("invite");
  const login = useTranslations("login");
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm({
    resolver: zodResolver(acceptInviteInputSchema),
    defaultValues: { password: "" },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async ({ password }) => {
    setFailure(null);
    try {
      await api.acceptInvite(token, { password });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error.detail);
      return;
    }
    // The password is set: a sign-in that fails now is one more click on the login page.
    await api.login({ name, password }).then(
      () => window.location.assign("/"),
      () => window.location.assign("/login"),
    );
  });

  return (
    <form method="post" onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure ? (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      ) : null}
      <input type="text" name="username" value={name} autoComplete="username" readOnly hidden />
      <Field label={t("password")} hint={t("passwordHint")} error={errors.password?.message}>
        {(control) => (
          <PasswordInput
            {...control}
            {...form.register("password")}
            autoComplete="new-password"
            autoFocus
            labels={{ show: login("showPassword"), hide: login("hidePassword") }}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" isBusy={isSubmitting} className="mt-2 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
