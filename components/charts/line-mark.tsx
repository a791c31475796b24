import { cn } from "#components/ui/cn.ts";
import type { LineStyle } from "./line-style.ts";

const SHAPE = {
  circle: "size-2 rounded-full",
  square: "size-2",
  diamond: "size-2 rotate-45 scale-90",
  triangle: "size-2 [clip-path:polygon(50%_0,100%_100%,0_100%)]",
};

/** A line's sign in legend, crosshair and table. */
export function LineMark({ style }: { style: LineStyle }) {
  if (style.mark !== "line")
    return (
      <span
        aria-hidden
        className={cn("shrink-0", SHAPE[style.mark])}
        style={{ backgroundColor: style.color }}
      />
    );
  return (
    <svg aria-hidden="true" viewBox="0 0 14 4" className="h-1 w-3.5 shrink-0">
      <path
        d="M0 2H14"
        style={{ stroke: style.color }}
        strokeWidth={3}
        strokeDasharray={style.dash.map((part) => part * 0.8).join(" ")}
      />
    </svg>
  );
}
