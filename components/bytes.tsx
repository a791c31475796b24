"use client";
import { useFormatter } from "next-intl";
import { formatBytes } from "#lib/format-bytes.ts";
import { cn } from "./ui/cn.ts";

/** "1.24 GB", with the exact number on hover. */
export function Bytes({ value, className }: { value: number; className?: string }) {
  const format = useFormatter();
  return (
    <span title={`${format.number(value)} B`} className={cn("whitespace-nowrap tabular-nums", className)}>
      {formatBytes(value)}
    </span>
  );
}
