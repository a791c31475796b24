import type { Delta } from "#lib/schemas/agent.ts";
import { continueTrace, currentTraceId, isTracing } from "#server/tracing.ts";

const MAX_OTHERS = 20;

/**
 * Sends a delta as part of the trace of the change that caused it. Several changes that travel together share one
 * exchange, which is in the first one's trace; the others' say where to look.
 */
export function continueTraces<T>(
  traceContexts: readonly string[],
  { from, to, upsert, remove }: Delta,
  send: () => Promise<T>,
): Promise<T> {
  if (!isTracing()) return send();
  const attributes = {
    "causeway.revision.from": from,
    "causeway.revision.to": to,
    "causeway.users.upserted": upsert.length,
    "causeway.users.removed": remove.length,
  };
  const [first = null, ...others] = new Set(traceContexts);
  return continueTrace(
    first,
    "sync node",
    attributes,
    () => {
      const together = { ...attributes, "causeway.sent_in_trace": currentTraceId() ?? "" };
      for (const other of others.slice(0, MAX_OTHERS))
        continueTrace(other, "sync node", together, () => undefined, "consumer");
      return send();
    },
    "consumer",
  );
}
