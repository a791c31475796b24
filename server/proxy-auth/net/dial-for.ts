import type { Account } from "../usage/account.ts";
import type { Dial, Origin } from "./dial.ts";
import { DialError } from "./failures.ts";
import type { Target } from "./target.ts";

/**
 * Dials for a user who may be switched off meanwhile: the dial is then given up like a tunnel would be. The caller
 * opens its tunnel in the same turn of the event loop.
 */
export async function dialFor(options: {
  dial: Dial;
  account: Account;
  target: Target;
  gone: AbortController;
  onCut: () => void;
}): Promise<Origin> {
  const { dial, account, target, gone } = options;
  const pending = {
    cut: () => {
      gone.abort();
      options.onCut();
    },
  };
  account.open.add(pending);
  try {
    const origin = await dial(target, { signal: gone.signal, isRaw: true });
    if (!gone.signal.aborted) return origin;
    origin.socket.on("error", () => {}).destroy();
    origin.reader?.release();
    return Promise.reject(new DialError("aborted"));
  } finally {
    account.open.delete(pending);
  }
}
