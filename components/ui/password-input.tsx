"use client";
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { Input } from "./input.tsx";

export function PasswordInput({
  labels,
  className,
  ...props
}: ComponentProps<"input"> & { labels: { show: string; hide: string } }) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <span className={cn("relative block", className)}>
      <Input
        type={isShown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className="pe-10"
        {...props}
      />
      <Button
        variant="ghost"
        size="icon"
        aria-label={isShown ? labels.hide : labels.show}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
        className="absolute end-0.5 top-1/2 -translate-y-1/2"
      >
        <Icon aria-hidden />
      </Button>
    </span>
  );
}
