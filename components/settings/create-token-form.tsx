"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useTranslations } from "next-intl";
import { useForm } from "react-hook-form";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { ScopeChoice } from "./scope-choice.tsx";
import { EXPIRY_CHOICES, type TokenForm, tokenFormSchema } from "./token-input.ts";

const MESSAGES = ["nameMissing", "scopesMissing"] as const;

export function CreateTokenForm(props: { id: string; onSubmit: (form: TokenForm) => void }) {
  const t = useTranslations("settings");
  const form = useForm<TokenForm>({
    resolver: zodResolver(tokenFormSchema),
    defaultValues: { name: "", scopes: ["read"], expiry: "90" },
  });
  const { errors } = form.formState;
  const say = (message: string | undefined) => {
    const key = MESSAGES.find((candidate) => candidate === message);
    return key ? t(key) : message;
  };
  return (
    <form
      id={props.id}
      noValidate
      onSubmit={(event) => void form.handleSubmit(props.onSubmit)(event)}
      className="flex flex-col gap-5"
    >
      <Field label={t("name")} hint={t("nameHint")} error={say(errors.name?.message)}>
        {(control) => (
          <Input
            {...control}
            {...form.register("name")}
            placeholder={t("namePlaceholder")}
            maxLength={80}
            autoComplete="off"
          />
        )}
      </Field>
      <ScopeChoice control={form.register("scopes")} error={say(errors.scopes?.message)} />
      <Field label={t("expires")}>
        {(control) => (
          <Select {...control} {...form.register("expiry")}>
            {EXPIRY_CHOICES.map((choice) => (
              <option key={choice} value={choice}>
                {t(`expiresIn.${choice}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </form>
  );
}
