"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

/** A panel over the end of the page (on a phone: over all of it). Long forms and details live in one. */
export function Sheet(props: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  closeLabel: string;
  children: ReactNode;
  footer?: ReactNode;
  className?: string;
}) {
  return (
    <Radix.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          {...(props.description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "fixed inset-y-0 end-0 z-50 flex w-full animate-sheet flex-col border-line border-s bg-canvas shadow-pop outline-none sm:max-w-120",
            props.className,
          )}
        >
          <div className="flex items-start gap-4 border-b px-6 py-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="font-semibold text-lg tracking-tight">{props.title}</Radix.Title>
              {props.description ? (
                <Radix.Description className="text-ink-3 text-sm">{props.description}</Radix.Description>
              ) : null}
            </div>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" aria-label={props.closeLabel} className="-me-2">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5">{props.children}</div>
          {props.footer ? (
            <div className="flex items-center justify-end gap-2 border-t px-6 py-4">{props.footer}</div>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
