"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
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
  const [isAsked, setAsked] = useState(false);
  const [input, setInput] = useState({ name: "", password: "" });
  const form = useRef<HTMLFormElement>(null);

  // What was typed, or filled in by a password manager, before this script ran.
  useEffect(() => {
    const early = new FormData(form.current ?? undefined);
    setInput({ name: String(early.get("name") ?? ""), password: String(early.get("password") ?? "") });
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    setAsked(true);
    const name = input.name.trim();
    if (name === "" || input.password === "") return;
    setBusy(true);
    try {
      await api.login({ name, password: input.password });
      // A full load: the frame of the new session is the server's to draw.
      window.location.assign(next);
    } catch (error) {
      setBusy(false);
      form.current?.querySelector<HTMLInputElement>("input[name=password]")?.select();
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) setFailure(t("wrong"));
      else if (error.retryAfterSeconds !== null && error.status === 429)
        setFailure(t("limited", { seconds: error.retryAfterSeconds }));
      else setFailure(error.detail);
    }
  };

  return (
    <form
      ref={form}
      method="post"
      onSubmit={(event) => void submit(event)}
      noValidate
      className="flex flex-col gap-4"
    >
      {failure ? (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      ) : null}
      <Field label={t("name")} error={isAsked && input.name.trim() === "" ? t("nameMissing") : undefined}>
        {(control) => (
          <Input
            {...control}
            name="name"
            value={input.name}
            onChange={(event) => setInput({ ...input, name: event.target.value })}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
          />
        )}
      </Field>
      <Field
        label={t("password")}
        error={isAsked && input.password === "" ? t("passwordMissing") : undefined}
      >
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            value={input.password}
            onChange={(event) => setInput({ ...input, password: event.target.value })}
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
