import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const inputStyle =
  "base:h-9 base:w-full min-w-0 rounded-md border border-line-strong bg-canvas px-3 base:text-base text-ink transition-colors duration-100 hover:border-ink-3 focus-visible:border-accent focus-visible:outline-offset-0 disabled:bg-well disabled:text-ink-3 aria-invalid:border-bad base:pointer-coarse:h-11 pointer-coarse:text-lg";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(inputStyle, className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(inputStyle, "h-auto min-h-20 resize-y py-2", className)} {...props} />;
}
