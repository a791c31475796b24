import type { Terminal } from "#cli/terminal.ts";

const CELLS = 24;

export type Progress = { step(): void; clear(): void };

/** A bar on stderr for long work, where somebody looks; elsewhere nothing. */
export function showProgress(terminal: Pick<Terminal, "progress">, what: string, total: number): Progress {
  let done = 0;
  const draw = () => {
    const filled = total === 0 ? CELLS : Math.floor((done / total) * CELLS);
    terminal.progress?.(`${what}  ${"█".repeat(filled)}${"░".repeat(CELLS - filled)}  ${done} of ${total}`);
  };
  if (total > 1) draw();
  return {
    step() {
      done += 1;
      if (total > 1) draw();
    },
    clear: () => terminal.progress?.(""),
  };
}
