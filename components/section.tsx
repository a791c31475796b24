import type { ReactNode } from "react";
import { cn } from "./ui/cn.ts";

export function Section(props: {
  title: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cn("flex min-w-0 flex-col gap-3", props.className)}>
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <h2 className="font-semibold text-base">{props.title}</h2>
        {props.action}
      </div>
      {props.children}
    </section>
  );
}
