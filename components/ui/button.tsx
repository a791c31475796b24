import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { type ComponentProps, cloneElement, isValidElement } from "react";
import { cn } from "./cn.ts";

export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium transition-colors duration-100 disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "base:bg-accent base:text-accent-ink base:hover:bg-accent-hover",
        outline:
          "border base:border-line-strong base:bg-raised base:text-ink base:hover:bg-hover base:active:bg-press",
        ghost: "base:text-ink-2 base:hover:bg-hover base:hover:text-ink base:active:bg-press",
        danger: "base:bg-bad base:text-accent-ink base:hover:bg-bad-hover",
        "danger-outline":
          "border base:border-line-strong base:bg-raised base:text-bad-text base:hover:bg-bad-well",
      },
      size: {
        md: "h-8 px-3 text-sm pointer-coarse:h-10",
        lg: "h-10 px-4 text-base",
        icon: "size-8 pointer-coarse:size-10",
        sm: "h-7 px-2 text-xs pointer-coarse:h-9",
      },
    },
    defaultVariants: { variant: "outline", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonStyle> & { asChild?: boolean; isBusy?: boolean };

export function Button({
  className,
  variant,
  size,
  asChild,
  isBusy = false,
  children,
  disabled,
  ...props
}: ButtonProps) {
  const style = cn(buttonStyle({ variant, size }), className);
  if (asChild && isValidElement<{ className?: string }>(children)) {
    return cloneElement(children, { ...props, className: cn(style, children.props.className) });
  }
  return (
    <button
      type="button"
      className={style}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      {...props}
    >
      {isBusy ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
      {children}
    </button>
  );
}
