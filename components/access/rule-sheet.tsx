"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useGroups } from "#components/groups/use-groups.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { ACCESS_POLICIES, accessRuleSchema } from "#lib/schemas/access.ts";
import { ROLES } from "#lib/user-terms.ts";
import { CheckList } from "./check-list.tsx";
import { FormSheet } from "./form-sheet.tsx";
import type { Rule } from "./use-access.ts";

const NEW_RULE: Rule = { host: "", path: "/*", policy: "any_user", roles: [], groups: [], note: "" };

/** One rule. It joins the list on the page; nothing is in force before that is saved. */
export function RuleSheet(props: { rule: Rule | null; onDone: (rule: Rule) => void; onClose: () => void }) {
  const t = useTranslations("accessRules");
  const before = props.rule ?? NEW_RULE;
  const [rule, setRule] = useState(before);
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const groups = useGroups();
  const change = (patch: Partial<Rule>) => setRule({ ...rule, ...patch });
  // A group that was deleted since an old version is still named there.
  const names = [...new Set([...(groups.data?.items.map(({ name }) => name) ?? []), ...before.groups])];

  function submit() {
    const parsed = accessRuleSchema.safeParse({
      ...rule,
      path: rule.path.trim() === "" ? "/*" : rule.path,
      roles: rule.policy === "roles" ? rule.roles : [],
      groups: rule.policy === "groups" ? rule.groups : [],
    });
    if (parsed.success) return props.onDone(parsed.data);
    const found = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const);
    setErrors(Object.fromEntries(found.toReversed()));
  }

  return (
    <FormSheet
      title={props.rule ? t("editTitle") : t("addTitle")}
      description={t("formText")}
      submitLabel={props.rule ? t("change") : t("addToList")}
      isDirty={JSON.stringify(rule) !== JSON.stringify(before)}
      onSubmit={submit}
      onClose={props.onClose}
    >
      <Field label={t("host")} hint={t("hostHint")} error={errors.host}>
        {(control) => (
          <Input
            {...control}
            value={rule.host}
            onChange={(event) => change({ host: event.target.value })}
            placeholder="wiki.example.org"
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <Field label={t("path")} hint={t("pathHint")} error={errors.path}>
        {(control) => (
          <Input
            {...control}
            value={rule.path}
            onChange={(event) => change({ path: event.target.value })}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="pb-1.5 font-medium text-sm">{t("whoLabel")}</legend>
        <div className="divide-y rounded-lg border">
          {ACCESS_POLICIES.map((policy) => (
            <label
              key={policy}
              className="flex cursor-pointer items-start gap-3 px-3 py-2.5 first:rounded-t-lg last:rounded-b-lg hover:bg-hover"
            >
              <input
                type="radio"
                name="policy"
                value={policy}
                checked={rule.policy === policy}
                onChange={() => change({ policy })}
                className="mt-0.5 size-4 shrink-0"
              />
              <span className="min-w-0">
                <span className="block font-medium text-sm">{t(`policy.${policy}`)}</span>
                <span className="block text-pretty text-ink-3 text-xs">{t(`policyHint.${policy}`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {rule.policy === "roles" ? (
        <CheckList
          legend={t("whichRoles")}
          options={ROLES.map((value) => ({
            value,
            label: <span className="block first-letter:uppercase">{t(`roles.${value}`)}</span>,
          }))}
          chosen={rule.roles}
          error={errors.roles && t("rolesMissing")}
          onChange={(roles) => change({ roles: ROLES.filter((role) => roles.includes(role)) })}
        />
      ) : null}
      {rule.policy === "groups" ? (
        <CheckList
          legend={t("whichGroups")}
          options={names.map((value) => ({ value, label: value }))}
          chosen={rule.groups}
          error={errors.groups && t("groupsMissing")}
          empty={
            groups.data
              ? t.rich("noGroups", {
                  link: (words) => (
                    <Link href="/access/groups?create=true" className="text-accent-text underline">
                      {words}
                    </Link>
                  ),
                })
              : t("loadingGroups")
          }
          onChange={(chosen) => change({ groups: chosen })}
        />
      ) : null}
      <Field label={t("note")} hint={t("noteHint")} error={errors.note}>
        {(control) => (
          <Input
            {...control}
            value={rule.note}
            onChange={(event) => change({ note: event.target.value })}
            autoComplete="off"
          />
        )}
      </Field>
    </FormSheet>
  );
}
