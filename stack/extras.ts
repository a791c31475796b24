import { StackError } from "#stack/stack-error.ts";

/** Programs that only run when asked for, and then until told otherwise. */
const EXTRAS = ["jaeger"] as const;
type Extra = (typeof EXTRAS)[number];

/** `--with jaeger` and `--without jaeger`; null = as last time. */
export function parseExtras(flags: {
  with?: string[] | undefined;
  without?: string[] | undefined;
}): Record<Extra, boolean | null> {
  const chosen: Record<Extra, boolean | null> = { jaeger: null };
  for (const [names, isWanted] of [
    [flags.with ?? [], true],
    [flags.without ?? [], false],
  ] as const) {
    for (const name of names) {
      const extra = EXTRAS.find((known) => known === name);
      if (!extra)
        throw new StackError(`There is no “${name}” to run with or without. There is: ${EXTRAS.join(", ")}.`);
      chosen[extra] = isWanted;
    }
  }
  return chosen;
}
