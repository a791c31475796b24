import { cn } from "./cn.ts";

/** A bar that changes its tone at 80 and at 100 %. */
export function Meter(props: { ratio: number; label: string; className?: string }) {
  const percent = Math.min(100, Math.max(0, props.ratio * 100));
  const tone = props.ratio >= 1 ? "bg-bad" : props.ratio >= 0.8 ? "bg-warn" : "bg-accent";
  return (
    <span
      className={cn(
        "relative block base:h-1.5 base:w-full overflow-hidden rounded-full bg-press",
        props.className,
      )}
    >
      <meter className="sr-only" aria-label={props.label} min={0} max={100} value={Math.round(percent)} />
      <span
        aria-hidden
        className={cn("block h-full rounded-full", tone)}
        style={{ inlineSize: `${percent > 0 ? Math.max(percent, 1.5) : 0}%` }}
      />
    </span>
  );
}
