"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { AddedNode } from "#lib/schemas/node.ts";
import { JoinLines } from "./join-lines.tsx";
import { useNodeWrites } from "./use-node-writes.ts";

type Failure = Partial<Record<"name" | "address" | "port" | "agentPort" | "form", string>>;
const DEFAULT_PORTS = { port: "8443", agentPort: "9004" };

/** A name and an address; then, in the same place, the line to run on that machine. */
export function AddNodeSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations("nodes");
  const formId = useId();
  const { add } = useNodeWrites();
  const [added, setAdded] = useState<AddedNode | null>(null);
  const [failure, setFailure] = useState<Failure>({});

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setFailure({});
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    try {
      const ports = { port: Number(text("port")), agentPort: Number(text("agentPort")) };
      setAdded(await add.mutateAsync({ name: text("name"), address: text("address"), ...ports }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(describeFailure(error));
    }
  }

  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={added === null ? t("addTitle") : t("joinTitle", { name: added.node.name })}
      {...(added === null ? { description: t("addText") } : {})}
      closeLabel={t("close")}
      footer={
        added === null ? (
          <>
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="submit" form={formId} variant="primary" isBusy={add.isPending}>
              {t("add")}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            {t("done")}
          </Button>
        )
      }
    >
      {added === null ? (
        <form id={formId} onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
          {failure.form === undefined ? null : (
            <Notice tone="bad" role="alert">
              {failure.form}
            </Notice>
          )}
          <Field label={t("name")} hint={t("nameHint")} error={failure.name}>
            {(control) => (
              <Input
                {...control}
                name="name"
                required
                autoFocus
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            )}
          </Field>
          <Field label={t("address")} hint={t("addressHint")} error={failure.address}>
            {(control) => (
              <Input
                {...control}
                name="address"
                required
                placeholder="203.0.113.20"
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field label={t("portForPeople")} error={failure.port}>
              {(control) => (
                <Input
                  {...control}
                  name="port"
                  type="number"
                  min={1}
                  max={65_535}
                  defaultValue={DEFAULT_PORTS.port}
                />
              )}
            </Field>
            <Field label={t("portForController")} error={failure.agentPort}>
              {(control) => (
                <Input
                  {...control}
                  name="agentPort"
                  type="number"
                  min={1}
                  max={65_535}
                  defaultValue={DEFAULT_PORTS.agentPort}
                />
              )}
            </Field>
          </div>
        </form>
      ) : (
        <JoinLines name={added.node.name} ports={portsOf(added.node)} {...added.invite} />
      )}
    </Sheet>
  );
}

function describeFailure(error: ApiError): Failure {
  if (error.code === "CONFLICT") return { name: error.detail };
  const fields = error.errors.filter(({ path }) => ["name", "address", "port", "agentPort"].includes(path));
  if (fields.length === 0) return { form: error.detail };
  return Object.fromEntries(fields.map(({ path, message }) => [path, message]));
}

/** `8443, 9004`: what must be open on the machine. */
export const portsOf = (node: AddedNode["node"]): string =>
  [...node.inbounds.map(({ port }) => String(port)), new URL(node.agentUrl).port || "443"].join(", ");
