import type { ReactNode } from "react";

/** Title, one line that says the state in words, and the primary action at its end. */
export function PageHeader(props: { title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-3 pb-6">
      <div className="min-w-0 flex-1 basis-44">
        <h1 className="truncate font-semibold text-xl tracking-tight">{props.title}</h1>
        <div className="min-h-[22px] text-pretty text-ink-2">{props.children}</div>
      </div>
      {props.action ? <div className="flex flex-wrap items-center gap-2">{props.action}</div> : null}
    </div>
  );
}
