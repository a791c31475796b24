"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormSheet } from "#components/access/form-sheet.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { Group } from "#lib/schemas/group.ts";
import { useGroupWrites } from "./use-groups.ts";

type Failure = Partial<Record<"name" | "note" | "form", string>>;

/** Name and note of a new group (`group` null) or of one there is. */
export function GroupSheet(props: {
  group: Group | null;
  onDone: (group: Group) => void;
  onClose: () => void;
}) {
  const t = useTranslations("groups");
  const { create, update } = useGroupWrites();
  const before = { name: props.group?.name ?? "", note: props.group?.note ?? "" };
  const [values, setValues] = useState(before);
  const [failure, setFailure] = useState<Failure>({});

  async function submit() {
    setFailure({});
    const { note } = values;
    const name = values.name.trim();
    try {
      props.onDone(
        props.group === null
          ? await create.mutateAsync({ name, note })
          : await update.mutateAsync({ id: props.group.id, name, note }),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(describeFailure(error));
    }
  }

  return (
    <FormSheet
      title={props.group === null ? t("createTitle") : t("editTitle", { name: props.group.name })}
      description={props.group === null ? t("createText") : t("renameText")}
      submitLabel={props.group === null ? t("create") : t("save")}
      isDirty={values.name !== before.name || values.note !== before.note}
      isBusy={create.isPending || update.isPending}
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      {failure.form === undefined ? null : (
        <Notice tone="bad" role="alert">
          {failure.form}
        </Notice>
      )}
      <Field label={t("name")} hint={t("nameHint")} error={failure.name}>
        {(control) => (
          <Input
            {...control}
            value={values.name}
            onChange={(event) => setValues({ ...values, name: event.target.value })}
            placeholder="staff"
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <Field label={t("note")} hint={t("noteHint")} error={failure.note}>
        {(control) => (
          <Textarea
            {...control}
            value={values.note}
            onChange={(event) => setValues({ ...values, note: event.target.value })}
          />
        )}
      </Field>
    </FormSheet>
  );
}

function describeFailure(error: ApiError): Failure {
  if (error.code === "CONFLICT") return { name: error.detail };
  const fields = error.errors.filter(({ path }) => path === "name" || path === "note");
  if (fields.length === 0) return { form: error.detail };
  return Object.fromEntries(fields.map(({ path, message }) => [path, message]));
}
