/** What the launcher is doing, on stderr: stdout belongs to the result. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Names a step, and how long it took when that was long enough to wonder. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  say(`• ${what}…`);
  const timer = setInterval(() => say(`  still at it: ${what} (${elapsed(started)})`), 15_000);
  try {
    const result = await work();
    if (performance.now() - started > 1_000) say(`  ${what}: done in ${elapsed(started)}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

const elapsed = (started: number) => `${((performance.now() - started) / 1_000).toFixed(0)} s`;
