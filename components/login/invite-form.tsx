"use client";
import { useTranslations } from "next-intl";
import { type SubmitEvent, useState } from "react";
import { api } from "#components/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { ApiError } from "#lib/api-error.ts";

export function InviteForm({ token, name }: { token: string; name: string }) {
  const t = useTranslations("invite");
  const login = useTranslations("login");
  const [failure, setFailure] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    setFailure(null);
    const { acceptInviteInputSchema } = await import("#lib/schemas/session.ts");
    const parsed = acceptInviteInputSchema.safeParse({ password });
    setWrong(parsed.error?.issues[0]?.message);
    if (!parsed.success) return;
    setBusy(true);
    try {
      await api.acceptInvite(token, { password });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error.detail);
      setBusy(false);
      return;
    }
    // The password is set: a sign-in that fails now is one more click on the login page.
    await api.login({ name, password }).then(
      () => window.location.assign("/"),
      () => window.location.assign("/login"),
    );
  };

  return (
    <form method="post" onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure ? (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      ) : null}
      <input type="text" name="username" value={name} autoComplete="username" readOnly hidden />
      <Field label={t("password")} hint={t("passwordHint")} error={wrong}>
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="new-password"
            autoFocus
            labels={{ show: login("showPassword"), hide: login("hidePassword") }}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" isBusy={isBusy} className="mt-2 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
