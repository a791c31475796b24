import { cn } from "./cn.ts";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block animate-pulse bg-press base:rounded-sm", className)} />;
}
