import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={cn(
        "inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-well px-1 font-sans text-ink-3 text-xs",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
