import { cn } from "#components/ui/cn.ts";

const WIDTH = 100;
const HEIGHT = 24;

/** A small picture of values over time, without axes; `label` says it in words. null is a gap. */
export function Sparkline(props: { values: readonly (number | null)[]; label: string; className?: string }) {
  const { values } = props;
  const top = Math.max(1, ...values.map((value) => value ?? 0));
  const x = (index: number) => (index / Math.max(1, values.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 2 - (value / top) * (HEIGHT - 5);
  const parts = values.map((value, index) => {
    if (value === null) return "";
    const isStart = (values[index - 1] ?? null) === null;
    return `${isStart ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return (
    <svg
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={cn("block h-6 w-full overflow-visible stroke-ink-3", props.className)}
    >
      <title>{props.label}</title>
      <path
        d={parts.join("")}
        fill="none"
        strokeWidth={1.25}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
