"use client";
import { cn } from "./cn.ts";

/** One of a few, all in sight. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  className?: string;
}) {
  return (
    <div
      role="radiogroup"
      aria-label={props.label}
      className={cn("inline-flex rounded-md border bg-well p-0.5", props.className)}
    >
      {props.options.map((option, index) => {
        const isActive = option.value === props.value;
        const move = (step: number) => {
          const count = props.options.length;
          const next = props.options[(index + step + count) % count];
          if (next) props.onChange(next.value);
        };
        return (
          // biome-ignore lint/a11y/useSemanticElements: a radio group of buttons keeps the look on every system
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={isActive}
            tabIndex={isActive ? 0 : -1}
            ref={(element) => {
              if (isActive && element?.parentElement?.contains(document.activeElement)) element.focus();
            }}
            onClick={() => props.onChange(option.value)}
            onKeyDown={(event) => {
              const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
              if (step === undefined) return;
              event.preventDefault();
              move(step);
            }}
            className={cn(
              "h-7 min-w-9 flex-1 whitespace-nowrap rounded-sm px-2.5 font-medium text-xs transition-colors duration-100 pointer-coarse:h-9",
              isActive
                ? "bg-raised text-ink shadow-[0_0_0_1px_var(--color-line)]"
                : "text-ink-2 hover:text-ink",
            )}
          >
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
