"use client";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Section } from "#components/section.tsx";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { DestinationRule, Destinations, Group } from "#lib/schemas/group.ts";
import { useGroupWrites } from "./use-groups.ts";

type Row = { key: number; action: DestinationRule["action"]; target: string; ports: string };
let keys = 0;
const toRow = ({ action, target, ports }: DestinationRule): Row => ({
  key: ++keys,
  action,
  target,
  ports: ports ?? "",
});
const toRule = ({ action, target, ports }: Row): DestinationRule => ({
  action,
  target: target.trim(),
  ports: ports.trim() === "" ? null : ports.replaceAll(/\s/g, ""),
});

/** Where the proxies let members go: rules in order, then what holds for the rest. Saved as a whole. */
export function GroupDestinations({ group }: { group: Group }) {
  const t = useTranslations("groups");
  const { update } = useGroupWrites();
  /** What the form was filled from. */
  const [base, setBase] = useState(group.destinations);
  const [rows, setRows] = useState(() => base.rules.map(toRow));
  const [otherwise, setOtherwise] = useState(base.otherwise);
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<string | null>(null);
  const wanted: Destinations = { otherwise, rules: rows.map(toRule) };
  const isDirty = textOf(wanted) !== textOf(base);
  const isStale = textOf(group.destinations) !== textOf(base);
  useLeaveGuard(isDirty);
  const fill = (destinations: Destinations) => {
    setBase(destinations);
    setRows(destinations.rules.map(toRow));
    setOtherwise(destinations.otherwise);
    setErrors(new Map());
    setFailure(null);
  };
  if (isStale && !isDirty && !update.isPending) fill(group.destinations);

  const change = (key: number, patch: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  const swap = (index: number, other: number) => {
    const [row, neighbour] = [rows[index], rows[other]];
    if (row && neighbour) setRows(rows.with(index, neighbour).with(other, row));
  };

  function save() {
    setErrors(new Map());
    setFailure(null);
    update.mutate(
      { id: group.id, destinations: wanted },
      {
        onSuccess: ({ name, destinations }) => {
          fill(destinations);
          toast.success(t("destinationsSaved", { name }));
        },
        onError: (error) => {
          if (!(error instanceof ApiError)) return setFailure(error.message);
          const known = error.errors.filter(({ path }) => path.startsWith("destinations.rules."));
          setErrors(new Map(known.map(({ path, message }) => [path, message])));
          if (known.length === 0) setFailure(error.detail);
        },
      },
    );
  }

  return (
    <Section title={t("destinations")}>
      <p className="-mt-2 max-w-160 text-pretty text-ink-2 text-sm">{t("destinationsText")}</p>
      {failure === null ? null : (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      )}
      {isStale && isDirty && !update.isPending ? (
        <Notice
          tone="warn"
          role="alert"
          action={<Button onClick={() => fill(group.destinations)}>{t("showTheirs")}</Button>}
        >
          {t("changedMeanwhile")}
        </Notice>
      ) : null}
      <div className="overflow-hidden rounded-lg border text-sm">
        <ol aria-label={t("destinations")} className="divide-y">
          {rows.map((row, index) => {
            const at = (field: "target" | "ports") => errors.get(`destinations.rules.${index}.${field}`);
            const error = at("target") ?? at("ports");
            const place = { position: index + 1 };
            return (
              <li key={row.key} className="flex flex-col gap-1 px-3 py-2">
                <div className="flex flex-wrap items-center gap-2">
                  <span className="w-5 text-end text-ink-3 tabular-nums">{index + 1}</span>
                  <Select
                    aria-label={t("actionOf", place)}
                    value={row.action}
                    onChange={(event) =>
                      change(row.key, { action: event.target.value === "deny" ? "deny" : "allow" })
                    }
                    className="w-28"
                  >
                    <option value="allow">{t("allow")}</option>
                    <option value="deny">{t("deny")}</option>
                  </Select>
                  <Input
                    aria-label={t("targetOf", place)}
                    aria-invalid={at("target") ? true : undefined}
                    value={row.target}
                    onChange={(event) => change(row.key, { target: event.target.value })}
                    placeholder="*.example.org"
                    autoCapitalize="none"
                    autoComplete="off"
                    spellCheck={false}
                    className="w-44 flex-1 font-mono max-lg:basis-full"
                  />
                  <Input
                    aria-label={t("portsOf", place)}
                    aria-invalid={at("ports") ? true : undefined}
                    value={row.ports}
                    onChange={(event) => change(row.key, { ports: event.target.value })}
                    placeholder={t("allPorts")}
                    autoComplete="off"
                    className="w-40 font-mono max-lg:flex-1"
                  />
                  <span className="ms-auto flex">
                    <Button
                      variant="ghost"
                      size="icon"
                      aria-label={t("up", place)}
                      disabled={index === 0}
                      onClick={() => swap(index, index - 1)}
                    >
                      <ArrowUp aria-hidden />
                    </Button>
                    <Button
                      variant="ghost"
                      size="icon"
                      aria-label={t("down", place)}
                      disabled={index === rows.length - 1}
                      onClick={() => swap(index, index + 1)}
                    >
                      <ArrowDown aria-hidden />
                    </Button>
                    <Button
                      variant="ghost"
                      size="icon"
                      aria-label={t("removeRule", place)}
                      onClick={() => setRows(rows.filter(({ key }) => key !== row.key))}
                    >
                      <X aria-hidden />
                    </Button>
                  </span>
                </div>
                {error === undefined ? null : (
                  <p role="alert" className="ps-7 text-bad-text text-xs">
                    {error}
                  </p>
                )}
              </li>
            );
          })}
        </ol>
        <div
          className={cn(
            "flex flex-wrap items-center justify-between gap-2 bg-well px-3 py-2.5",
            rows.length > 0 && "border-t",
          )}
        >
          <span className="font-medium">{rows.length === 0 ? t("everywhere") : t("everywhereElse")}</span>
          <Segmented
            label={rows.length === 0 ? t("everywhere") : t("everywhereElse")}
            value={otherwise}
            options={[
              { value: "allow", label: t("allow") },
              { value: "deny", label: t("deny") },
            ]}
            onChange={setOtherwise}
          />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          onClick={() => setRows([...rows, toRow({ action: "deny", target: "", ports: null })])}
          className="me-auto"
        >
          <Plus aria-hidden />
          {t("addRule")}
        </Button>
        {isDirty ? <Button onClick={() => fill(group.destinations)}>{t("discard")}</Button> : null}
        <Button variant="primary" disabled={!isDirty} isBusy={update.isPending} onClick={save}>
          {t("saveDestinations")}
        </Button>
      </div>
      <p className="text-pretty text-ink-3 text-xs">{t("destinationsHint")}</p>
    </Section>
  );
}

const textOf = ({ otherwise, rules }: Destinations): string =>
  JSON.stringify([otherwise, rules.map(({ action, target, ports }) => [action, target, ports])]);

function useLeaveGuard(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isDirty]);
}
