"use client";
import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";

/** Answers "Copied". Without `children` it is an icon named `label`. */
export function CopyButton(props: {
  text: string;
  label: string;
  children?: string;
  className?: string;
  variant?: "outline" | "ghost" | "primary";
}) {
  const t = useTranslations("ui");
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const Icon = isCopied ? Check : Copy;
  return (
    <Button
      variant={props.variant ?? (props.children ? "outline" : "ghost")}
      size={props.children ? "md" : "icon"}
      aria-label={isCopied ? t("copied") : props.label}
      className={props.className}
      onClick={() => void copyText(props.text).then(setCopied)}
    >
      <Icon aria-hidden className={isCopied ? "text-good" : undefined} />
      {props.children ? <span>{isCopied ? t("copied") : props.children}</span> : null}
      <span aria-live="polite" className="sr-only">
        {isCopied ? t("copied") : ""}
      </span>
    </Button>
  );
}
