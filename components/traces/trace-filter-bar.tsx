"use client";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Select } from "#components/ui/select.tsx";
import { formatMeasure } from "#lib/format-measure.ts";
import { TRACED_PROGRAMS } from "#lib/traced-programs.ts";
import { SLOWER_THAN, type TraceFilters } from "./trace-query.ts";

/** Which way the requests went, how slow they were, and whether something failed. */
export function TraceFilterBar(props: {
  filters: TraceFilters;
  onChange: (patch: Partial<TraceFilters>) => void;
}) {
  const t = useTranslations("traces");
  const id = useId();
  const { filters, onChange } = props;
  return (
    <search className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Select
        aria-label={t("through")}
        className="w-auto"
        value={filters.program}
        onChange={({ target }) => onChange({ program: target.value as TraceFilters["program"] })}
      >
        {TRACED_PROGRAMS.map((program) => (
          <option key={program} value={program}>
            {t("throughProgram", { program })}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t("slower")}
        className="w-auto"
        value={filters.slower ?? ""}
        onChange={({ target }) => onChange({ slower: target.value === "" ? null : Number(target.value) })}
      >
        <option value="">{t("anyDuration")}</option>
        {SLOWER_THAN.map((milliseconds) => (
          <option key={milliseconds} value={milliseconds}>
            {t("slowerThan", { duration: formatMeasure("seconds", milliseconds / 1_000) })}
          </option>
        ))}
      </Select>
      <label htmlFor={id} className="flex min-h-9 items-center gap-2 text-sm pointer-coarse:min-h-11">
        <Checkbox
          id={id}
          checked={filters.failed}
          onChange={({ target }) => onChange({ failed: target.checked })}
        />
        {t("onlyFailed")}
      </label>
    </search>
  );
}
