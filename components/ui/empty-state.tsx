import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** One sentence on what will be here, and the button that makes it happen. */
export function EmptyState(props: { icon: LucideIcon; children: ReactNode; action?: ReactNode }) {
  const { icon: Icon } = props;
  return (
    <div className="flex flex-col items-center gap-4 px-4 py-16 text-center">
      <span className="flex size-10 items-center justify-center rounded-lg border bg-well text-ink-3">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="max-w-80 text-pretty text-ink-2">{props.children}</p>
      {props.action}
    </div>
  );
}
