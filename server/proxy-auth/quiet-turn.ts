const QUIET_MS = 0.2;
const MAX_TURNS = 500;

/**
 * Resolves right behind a look at the sockets that found next to nothing. A listener that is closed then has accepted
 * what came: what waits in its queue is reset by the kernel, and the client's request fails.
 */
export async function quietTurn(): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const started = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() - started < QUIET_MS) return;
  }
}
