"use client";
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { CopyButton } from "./copy-button.tsx";

/** A value in one line: hidden until asked for when `isSecret`, and a button that copies it either way. */
export function SecretText(props: {
  text: string;
  isSecret?: boolean;
  labels: { copy: string; show: string; hide: string };
  className?: string;
}) {
  const [isShown, setShown] = useState(!props.isSecret);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <span
      className={cn("flex min-w-0 items-center gap-1 rounded-md border bg-well ps-3 pe-1", props.className)}
    >
      <span
        className={cn(
          "min-w-0 flex-1 truncate py-1.5 font-mono text-sm",
          !isShown && "select-none text-ink-3",
        )}
        title={isShown ? props.text : undefined}
      >
        {isShown ? props.text : "•".repeat(12)}
      </span>
      {props.isSecret ? (
        <Button
          variant="ghost"
          size="icon"
          aria-label={isShown ? props.labels.hide : props.labels.show}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          <Icon aria-hidden />
        </Button>
      ) : null}
      <CopyButton text={props.text} label={props.labels.copy} />
    </span>
  );
}
