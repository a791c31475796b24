"use client";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

type ControlProps = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

/** A label, one control, a hint under it, and the error in words beside it. */
export function Field(props: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const describedBy = props.error ? `${id}-error` : props.hint ? `${id}-hint` : undefined;
  return (
    <div className={cn("flex flex-col gap-1.5", props.className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {props.label}
      </label>
      {props.children({
        id,
        ...(describedBy ? { "aria-describedby": describedBy } : {}),
        ...(props.error ? { "aria-invalid": true } : {}),
      })}
      {props.error ? (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-bad-text text-xs" role="alert">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {props.error}
        </p>
      ) : props.hint ? (
        <p id={`${id}-hint`} className="text-ink-3 text-xs">
          {props.hint}
        </p>
      ) : null}
    </div>
  );
}
