/** An expected failure of the launcher: the message is one line that says what to do. */
export class StackError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message.replaceAll("\n", " "), options);
    this.name = "StackError";
  }
}

/** Runs an entry point; a failure is one line on stderr and exit code 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isExpected = error instanceof StackError;
    const text =
      error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : error;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}
