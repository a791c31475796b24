import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

const STYLE = {
  info: { box: "bg-well", icon: "text-ink-3", Icon: Info },
  warn: { box: "border-warn/40 bg-warn-well", icon: "text-warn-text", Icon: TriangleAlert },
  bad: { box: "border-bad/40 bg-bad-well", icon: "text-bad-text", Icon: CircleAlert },
};

/** A sentence somebody should read, with what can be done about it at the end. */
export function Notice(props: {
  tone?: keyof typeof STYLE;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
  role?: "alert" | "status";
}) {
  const { box, icon, Icon } = STYLE[props.tone ?? "info"];
  return (
    <div
      role={props.role}
      className={cn("flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm", box, props.className)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", icon)} />
      <div className="min-w-0 flex-1 text-pretty">{props.children}</div>
      {props.action}
    </div>
  );
}
