"use client";
import { useEffect } from "react";
import { toast as sonner } from "sonner";
import { takeToasts } from "./toast.ts";
import { Toaster } from "./ui/toaster.tsx";

/** Hands on what waits; its effect runs after the Toaster's, which by then listens. */
export function ToastOutlet({ wanted }: { wanted: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` grows with each toast
  useEffect(() => {
    for (const { kind, text, options } of takeToasts()) sonner[kind](text, options);
  }, [wanted]);
  return <Toaster />;
}
