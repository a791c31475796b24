"use client";
import { useTranslations } from "next-intl";
import { type SubmitEvent, useState } from "react";
import { api } from "#components/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { ApiError } from "#lib/api-error.ts";

export function LoginForm({ next }: { next: string }) {
  const t = useTranslations("login");
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [missing, setMissing] = useState({ name: false, password: false });

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setFailure(null);
    // As the fields have it: they may have been filled in before this script ran.
    const sent = new FormData(form);
    const name = String(sent.get("name")).trim();
    const password = String(sent.get("password"));
    setMissing({ name: name === "", password: password === "" });
    if (name === "" || password === "") return;
    setBusy(true);
    try {
      await api.login({ name, password });
      // A full load: the frame of the new session is the server's to draw.
      window.location.assign(next);
    } catch (error) {
      setBusy(false);
      form.querySelector<HTMLInputElement>("input[name=password]")?.select();
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) setFailure(t("wrong"));
      else if (error.retryAfterSeconds !== null && error.status === 429)
        setFailure(t("limited", { seconds: error.retryAfterSeconds }));
      else setFailure(error.detail);
    }
  };

  return (
    <form method="post" onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure ? (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      ) : null}
      <Field label={t("name")} error={missing.name ? t("nameMissing") : undefined}>
        {(control) => (
          <Input
            {...control}
            name="name"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
          />
        )}
      </Field>
      <Field label={t("password")} error={missing.password ? t("passwordMissing") : undefined}>
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="current-password"
            labels={{ show: t("showPassword"), hide: t("hidePassword") }}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" isBusy={isBusy} className="mt-2 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
