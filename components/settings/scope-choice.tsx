"use client";
import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { apiTokenScopes } from "#lib/api-token-scopes.ts";

/** What the token may do; `control` is the form's registration of `scopes`. */
export function ScopeChoice(props: { control: ComponentProps<"input">; error?: string | undefined }) {
  const t = useTranslations("settings");
  return (
    <fieldset className="flex flex-col gap-1.5" aria-describedby={props.error ? "scopes-error" : undefined}>
      <legend className="pb-1.5 font-medium text-sm">{t("scopes")}</legend>
      <div className="divide-y rounded-lg border">
        {apiTokenScopes.map((scope) => (
          <label
            key={scope}
            htmlFor={`scope-${scope}`}
            className="flex cursor-pointer items-start gap-3 px-3 py-2.5 first:rounded-t-lg last:rounded-b-lg hover:bg-hover"
          >
            <Checkbox {...props.control} id={`scope-${scope}`} value={scope} className="mt-0.5" />
            <span className="min-w-0">
              <span className="block font-medium text-sm">{t(`scope.${scope}`)}</span>
              <span className="block text-pretty text-ink-3 text-xs">{t(`scopeHint.${scope}`)}</span>
            </span>
          </label>
        ))}
      </div>
      {props.error ? (
        <p id="scopes-error" role="alert" className="flex items-start gap-1.5 text-bad-text text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {props.error}
        </p>
      ) : null}
    </fieldset>
  );
}
