import type { ExternalToast } from "sonner";

type Kind = "success" | "error" | "message";
type Wanted = { kind: Kind; text: string; options: ExternalToast | undefined };

const waiting: Wanted[] = [];
let onWanted: (() => void) | null = null;

function show(kind: Kind, text: string, options?: ExternalToast): void {
  waiting.push({ kind, text, options });
  onWanted?.();
}

/** As sonner's `toast`; sonner itself is fetched with the first one (see toast-host.tsx). */
export const toast = {
  success: (text: string, options?: ExternalToast) => show("success", text, options),
  error: (text: string, options?: ExternalToast) => show("error", text, options),
  message: (text: string, options?: ExternalToast) => show("message", text, options),
};

export function listenForToasts(listener: () => void): () => void {
  onWanted = listener;
  if (waiting.length > 0) listener();
  return () => {
    onWanted = null;
  };
}

export const takeToasts = (): Wanted[] => waiting.splice(0);
