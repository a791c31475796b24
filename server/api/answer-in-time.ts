import { unavailable } from "#server/errors.ts";

/** Longer than any usual query; then Postgres is asked whether it lives at all. */
const PATIENCE_MS = 2_000;

export const databaseAway = (cause?: unknown) =>
  unavailable(
    "PostgreSQL does not answer, so nothing can be read or changed here until it is back. The doors stay open for the people they know.",
    cause,
  );

/** The work's answer; or, when Postgres falls silent under it, an error within a few seconds. */
export async function answerInTime<T>(
  work: Promise<T>,
  isPostgresUp: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const silent = Promise.withResolvers<never>();
  const timer = setInterval(async () => {
    if (!(await isPostgresUp())) silent.reject(databaseAway());
  }, patienceMs);
  return Promise.race([work, silent.promise]).finally(() => clearInterval(timer));
}
