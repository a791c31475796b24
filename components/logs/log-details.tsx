"use client";
import { Funnel } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { LogLine } from "#lib/schemas/log.ts";
import type { LogFilters } from "./log-query.ts";

type Props = { id: string; line: LogLine; onFilter: (patch: Partial<LogFilters>) => void };

/** Every field of a line; what ties lines together can be copied, and shows the others of its kind. */
export function LogDetails({ id, line, onFilter }: Props) {
  const t = useTranslations("logs");
  const user = line.userId ?? textOf(line.fields.user) ?? textOf(line.fields.name);
  const { user: _, name: __, ...fields } = line.fields;
  const tied = [
    { name: t("requestId"), value: line.requestId, patch: { requestId: line.requestId } },
    { name: t("traceId"), value: line.traceId, patch: { traceId: line.traceId } },
    { name: t("user"), value: user, patch: { user } },
    { name: t("program"), value: line.program, patch: { program: line.program } },
  ].filter((item) => item.value !== null);
  return (
    <div id={id} className="flex flex-col gap-3 pt-1 pb-3 ps-7 pe-2 text-xs">
      <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] items-baseline gap-x-4 gap-y-0.5 font-mono">
        <Field name={t("time")}>{line.time}</Field>
        {line.msg === "" || line.msg === "request" ? null : <Field name={t("message")}>{line.msg}</Field>}
        {tied.map(({ name, value, patch }) => (
          <Field key={name} name={name}>
            <span className="flex flex-wrap items-center gap-x-1">
              <span className="min-w-0 break-all">{value}</span>
              <CopyButton
                text={value ?? ""}
                label={t("copyOf", { name })}
                className="-my-1 size-7 pointer-coarse:size-10"
              />
              <Button
                variant="ghost"
                size="sm"
                className="-my-1"
                onClick={() => onFilter(patch)}
                aria-label={t("onlyThis", { name, value: value ?? "" })}
              >
                <Funnel aria-hidden />
                {t("only")}
              </Button>
            </span>
          </Field>
        ))}
        {Object.entries(fields).map(([name, value]) => (
          <Field key={name} name={name}>
            {show(value)}
          </Field>
        ))}
      </dl>
      <CopyButton text={JSON.stringify(line, null, 2)} label={t("copyLine")} className="self-start">
        {t("copyLine")}
      </CopyButton>
    </div>
  );
}

function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="break-words text-ink-3">{name}</dt>
      <dd className="min-w-0 whitespace-pre-wrap break-words text-ink">{children}</dd>
    </>
  );
}

/** A stack reads as lines; the rest as JSON. */
function show(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "stack" in value && typeof value.stack === "string") {
    const { stack, message: _, ...rest } = value as { stack: string; message?: unknown };
    return `${stack}\n${JSON.stringify(rest)}`;
  }
  return JSON.stringify(value);
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
