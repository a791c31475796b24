/** What ends a command: one line for stderr that says what to do. Exit code 2 = called wrongly, 1 = anything else. */
export class CliError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

export const wrongUse = (message: string) => new CliError(message, 2);
