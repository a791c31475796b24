import { type ParseArgsConfig, parseArgs } from "node:util";
import { StackError } from "#stack/stack-error.ts";

/** Command-line flags, all named; anything else is one line that lists what there is. */
export function parseFlags<T extends NonNullable<ParseArgsConfig["options"]>>(options: T) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    const reason = (error as Error).message.split(". ")[0];
    throw new StackError(
      `${reason}. ${known.length === 0 ? "It takes no flags" : `Flags: ${known.join(" ")}`}.`,
    );
  }
}
