"use client";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";

/** Any number of a few, one below the other. */
export function CheckList<T extends string>(props: {
  legend: string;
  options: readonly { value: T; label: ReactNode }[];
  chosen: readonly T[];
  error?: string | undefined;
  empty?: ReactNode;
  onChange: (chosen: T[]) => void;
}) {
  const id = useId();
  return (
    <fieldset
      className="flex flex-col gap-1.5"
      {...(props.error ? { "aria-describedby": `${id}-error` } : {})}
    >
      <legend className="pb-1.5 font-medium text-sm">{props.legend}</legend>
      {props.options.length === 0 ? (
        <p className="text-ink-2 text-sm">{props.empty}</p>
      ) : (
        <div className="max-h-64 divide-y overflow-y-auto rounded-lg border">
          {props.options.map(({ value, label }) => (
            <label
              key={value}
              htmlFor={`${id}-${value}`}
              className="flex cursor-pointer items-center gap-3 px-3 py-2 text-sm hover:bg-hover pointer-coarse:py-3"
            >
              <Checkbox
                id={`${id}-${value}`}
                checked={props.chosen.includes(value)}
                onChange={(event) =>
                  props.onChange(
                    event.target.checked
                      ? [...props.chosen, value]
                      : props.chosen.filter((one) => one !== value),
                  )
                }
              />
              {label}
            </label>
          ))}
        </div>
      )}
      {props.error ? (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-bad-text text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {props.error}
        </p>
      ) : null}
    </fieldset>
  );
}
