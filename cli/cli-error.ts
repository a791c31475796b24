/** 0 done · 1 it did not work · 2 called wrongly · 3 it was looked at, and something is not well (status, doctor). */
export type ExitCode = 0 | 1 | 2 | 3;

/** What ends a command: one line for stderr that says what to do. */
export class CliError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

export const wrongUse = (message: string) => new CliError(message, 2);

/** Ends a command that has said everything already. */
export class QuietExit extends Error {
  readonly exitCode: 1 | 3;

  constructor(exitCode: 1 | 3) {
    super("");
    this.name = "QuietExit";
    this.exitCode = exitCode;
  }
}
