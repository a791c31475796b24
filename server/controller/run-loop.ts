import { Wake } from "./wake.ts";

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 2_000;

export type Loop = { wake(): void; stop(): Promise<void> };

/**
 * Runs `round` again and again: at once when woken, else after the milliseconds it answers. A failure never ends
 * the loop: it is told to `onError` and tried again after a pause that doubles up to 2 s.
 */
export function runLoop(options: {
  round: () => Promise<number>;
  onError: (error: unknown) => void | Promise<void>;
}): Loop {
  const wake = new Wake();
  const stopped = new Wake();
  let isStopped = false;
  let backoff = FIRST_BACKOFF_MS;

  async function run(): Promise<void> {
    while (!isStopped) {
      let pause: number;
      let isFailed = false;
      try {
        pause = await options.round();
        backoff = FIRST_BACKOFF_MS;
      } catch (error) {
        isFailed = true;
        pause = backoff;
        backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
        await Promise.resolve(options.onError(error)).catch(() => undefined);
      }
      if (isStopped) return;
      // While it fails, a message about a change must not turn the pause into a storm.
      if (isFailed) await stopped.wait(pause);
      else await wake.wait(pause);
    }
  }

  const running = run();
  return {
    wake: () => wake.set(),
    async stop() {
      isStopped = true;
      wake.set();
      stopped.set();
      await running;
    },
  };
}
