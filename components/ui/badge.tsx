import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export function Badge({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center rounded-sm border px-1.5 text-xs base:font-medium base:text-ink-2",
        className,
      )}
    >
      {children}
    </span>
  );
}
