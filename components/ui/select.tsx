import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { inputStyle } from "./input.tsx";

/** The system's own select: the best one on a phone, and it costs no script. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-flex base:w-full", className)}>
      <select className={cn(inputStyle, "appearance-none pe-9")} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute end-3 top-1/2 size-4 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
