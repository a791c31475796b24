"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
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

const EMPTY = { currentPassword: "", newPassword: "" };
type Input = typeof EMPTY;
type Wrong = Partial<Record<keyof Input, string>>;

/** The panel password; what is wrong with it is said beside the field. */
export function PasswordForm() {
  const t = useTranslations("security");
  const me = useMe();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [input, setInput] = useState(EMPTY);
  const [wrong, setWrong] = useState<Wrong>({});
  const complain = (problems: Wrong) => {
    setWrong(problems);
    const [first] = Object.keys(problems);
    if (first) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
  };
  const change = useMutation({
    mutationFn: (values: Input) => api.changePassword(values),
    onSuccess: () => {
      setInput(EMPTY);
      toast.success(t("passwordChanged"));
      return client.invalidateQueries({ queryKey: queryKeys.sessions });
    },
    onError: (error) => {
      const problems = error instanceof ApiError ? byField(error.errors) : {};
      if (Object.keys(problems).length > 0) complain(problems);
      else toastError(error);
    },
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { changePasswordInputSchema } = await import("#lib/schemas/session.ts");
    const parsed = changePasswordInputSchema.safeParse(input);
    const issues = parsed.error?.issues ?? [];
    complain(byField(issues.map(({ path, message }) => ({ path: path.join("."), message }))));
    if (parsed.success) change.mutate(parsed.data);
  };
  const field = (name: keyof Input, autoComplete: string, hint?: string) => (
    <Field label={t(name)} error={wrong[name]} {...(hint ? { hint } : {})}>
      {(control) => (
        <PasswordInput
          {...control}
          name={name}
          value={input[name]}
          onChange={(event) => setInput({ ...input, [name]: event.target.value })}
          labels={{ show: t("showPassword"), hide: t("hidePassword") }}
          autoComplete={autoComplete}
        />
      )}
    </Field>
  );
  return (
    <Section title={t("password")}>
      <form
        ref={form}
        method="post"
        noValidate
        onSubmit={(event) => void submit(event)}
        className="flex max-w-form flex-col gap-4"
      >
        <input type="text" name="username" autoComplete="username" value={me.name} readOnly hidden />
        {field("currentPassword", "current-password")}
        {field("newPassword", "new-password", t("newHint"))}
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

/** The first sentence for each field that is one of this form. */
function byField(errors: readonly { path: string; message: string }[]): Wrong {
  const wrong: Wrong = {};
  for (const { path, message } of errors)
    if (path === "currentPassword" || path === "newPassword") wrong[path] ??= message;
  return wrong;
}
