"use client";
import { cn } from "#components/ui/cn.ts";
import { Select } from "#components/ui/select.tsx";

/** A filter that is a chip when it is set. */
export function FilterSelect<T extends string>(props: {
  label: string;
  value: T | null;
  all: string;
  options: readonly { value: T; label: string }[];
  onChange: (value: T | null) => void;
}) {
  return (
    <Select
      aria-label={props.label}
      value={props.value ?? ""}
      onChange={(event) =>
        props.onChange(props.options.find((option) => option.value === event.target.value)?.value ?? null)
      }
      className={cn(
        "w-auto [&>select]:h-8 [&>select]:ps-2.5 [&>select]:pe-8 [&>select]:font-medium [&>select]:text-sm pointer-coarse:[&>select]:h-10 [&>svg]:end-2",
        props.value !== null &&
          "[&>select]:border-accent [&>select]:bg-accent-well [&>select]:text-accent-text",
      )}
    >
      <option value="">{props.all}</option>
      {props.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}
