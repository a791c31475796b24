/**
 * A question with a time limit, asked once at a time: the second caller shares the first one's answer, and what is
 * silent gathers no queue.
 */
export function readWithin<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = null;
    });
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error("no answer in time")), milliseconds);
    return Promise.race([underWay, late.promise]).finally(() => clearTimeout(timer));
  };
}
