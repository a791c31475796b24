import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export function Checkbox({
  className,
  isMixed = false,
  ...props
}: ComponentProps<"input"> & { isMixed?: boolean }) {
  return (
    <input
      type="checkbox"
      ref={(element) => {
        if (element) element.indeterminate = isMixed;
      }}
      className={cn("size-4 shrink-0 cursor-pointer rounded-sm align-middle", className)}
      {...props}
    />
  );
}
