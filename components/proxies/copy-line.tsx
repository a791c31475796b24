"use client";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** A line to be copied: what is shown may hide what is copied. */
export function CopyLine(props: { label: string; shown: string; copied: string; copyLabel: string }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="text-ink-3 text-xs">{props.label}</span>
      <div className="flex items-start gap-1 rounded-md border bg-well py-0.5 ps-3 pe-0.5">
        <code className="min-w-0 flex-1 whitespace-pre-wrap break-all py-1.5 font-mono text-sm leading-5">
          {props.shown}
        </code>
        <CopyButton text={props.copied} label={props.copyLabel} />
      </div>
    </div>
  );
}
