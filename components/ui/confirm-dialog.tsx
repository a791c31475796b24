"use client";
import { AlertDialog as Radix } from "radix-ui";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "./button.tsx";
import { Input } from "./input.tsx";

/** Says what will happen and asks; with `typeToConfirm` the word has to be typed first. */
export function ConfirmDialog(props: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: ReactNode;
  children: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  isDanger?: boolean;
  isBusy?: boolean;
  typeToConfirm?: { word: string; label: ReactNode };
  onConfirm: () => void;
}) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const isReady = !props.typeToConfirm || typed === props.typeToConfirm.word;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !props.isBusy) props.onConfirm();
  };
  return (
    <Radix.Root
      open={props.isOpen}
      onOpenChange={(isOpen) => {
        setTyped("");
        props.onOpenChange(isOpen);
      }}
    >
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-end justify-center p-4 sm:items-center">
          <Radix.Content className="pointer-events-auto w-full max-w-105 animate-in rounded-xl bg-raised shadow-pop outline-none">
            <form onSubmit={submit}>
              <div className="flex flex-col gap-2 p-6 pb-5">
                <Radix.Title className="font-semibold text-lg tracking-tight">{props.title}</Radix.Title>
                <Radix.Description asChild>
                  <div className="text-pretty text-ink-2">{props.children}</div>
                </Radix.Description>
                {props.typeToConfirm ? (
                  <div className="mt-2 flex flex-col gap-1.5">
                    <label htmlFor={id} className="text-sm">
                      {props.typeToConfirm.label}
                    </label>
                    <Input
                      id={id}
                      value={typed}
                      onChange={(event) => setTyped(event.target.value)}
                      autoComplete="off"
                      autoCapitalize="none"
                      spellCheck={false}
                      className="font-mono"
                    />
                  </div>
                ) : null}
              </div>
              <div className="flex justify-end gap-2 border-t px-6 py-4">
                <Radix.Cancel asChild>
                  <Button>{props.cancelLabel}</Button>
                </Radix.Cancel>
                <Button
                  type="submit"
                  variant={props.isDanger ? "danger" : "primary"}
                  disabled={!isReady}
                  isBusy={props.isBusy ?? false}
                >
                  {props.confirmLabel}
                </Button>
              </div>
            </form>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
