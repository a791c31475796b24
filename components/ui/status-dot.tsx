import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export type Tone = "good" | "warn" | "bad" | "idle" | "accent";
const FILL: Record<Tone, string> = {
  good: "bg-good",
  warn: "bg-warn",
  bad: "bg-bad",
  idle: "bg-ink-3/50",
  accent: "bg-accent",
};

/** A dot with a word: state never shows by colour alone. */
export function StatusDot(props: { tone: Tone; children: ReactNode; className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 whitespace-nowrap", props.className)}>
      <span aria-hidden className={cn("size-2 shrink-0 rounded-full", FILL[props.tone])} />
      {props.children}
    </span>
  );
}
