"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api } from "#components/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { ApiError } from "#lib/api-error.ts";
import { loginInputSchema } from "#lib/schemas/session.ts";

export function LoginForm({ next }: { next: string }) {
  const t = useTranslations("login");
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm({
    resolver: zodResolver(loginInputSchema),
    defaultValues: { name: "", password: "" },
  });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;

  const submit = form.handleSubmit(async (input) => {
    setFailure(null);
    try {
      await api.login({ ...input, name: input.name.trim() });
      // A full load: the frame of the new session is the server's to draw.
      window.location.assign(next);
    } catch (error) {
      form.setFocus("password", { shouldSelect: true });
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) setFailure(t("wrong"));
      else if (error.retryAfterSeconds !== null && error.status === 429)
        setFailure(t("limited", { seconds: error.retryAfterSeconds }));
      else setFailure(error.detail);
      form.setError("root", { type: "server" });
    }
  });

  return (
    <form method="post" onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure ? (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      ) : null}
      <Field label={t("name")} error={errors.name?.message}>
        {(control) => (
          <Input
            {...control}
            {...form.register("name")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
          />
        )}
      </Field>
      <Field label={t("password")} error={errors.password?.message}>
        {(control) => (
          <PasswordInput
            {...control}
            {...form.register("password")}
            autoComplete="current-password"
            labels={{ show: t("showPassword"), hide: t("hidePassword") }}
          />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        size="lg"
        isBusy={isSubmitting || (isSubmitSuccessful && failure === null)}
        className="mt-2 w-full"
      >
        {t("submit")}
      </Button>
    </form>
  );
}
