import { cn } from "./cn.ts";

/** A bar that changes its tone at 80 and at 100 %. `ratio` null = no limit. */
export function Meter(props: { ratio: number | null; label: string; className?: string }) {
  const ratio = props.ratio ?? 0;
  const percent = Math.min(100, Math.max(0, ratio * 100));
  const tone = ratio >= 1 ? "bg-bad" : ratio >= 0.8 ? "bg-warn" : "bg-accent";
  return (
    <span
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className={cn("block h-1.5 w-full overflow-hidden rounded-full bg-press", props.className)}
    >
      <span
        className={cn("block h-full rounded-full", tone)}
        style={{ inlineSize: `${percent > 0 ? Math.max(percent, 1.5) : 0}%` }}
      />
    </span>
  );
}
