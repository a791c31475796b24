import type { Logger } from "#server/logger.ts";

/** Logs a failure once when it begins or changes, and once when it is over: not every two seconds between. */
export function createErrorTeller(log: Logger, what: string) {
  let told: string | null = null;
  return {
    failed(error: unknown): void {
      // Prisma puts the call above the reason.
      const message =
        (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "";
      if (message === told) return;
      told = message;
      log.warn({ reason: message, cause: describeCause(error) }, what);
    },
    recovered(): void {
      if (told !== null) log.info(`over: ${what}`);
      told = null;
    },
  };
}

function describeCause(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? cause.message : undefined;
}
