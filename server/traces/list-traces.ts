import type { z } from "zod";
import type { TraceList, traceQuerySchema } from "#lib/schemas/trace.ts";
import { askJaeger, pagesPath } from "./ask-jaeger.ts";
import { toTraceSummary } from "./to-trace.ts";

/** Recent traces, newest first. UNAVAILABLE, in words, while Jaeger is silent. */
export async function listTraces({
  queryUrl,
  query: { program, minMs, errors, limit },
}: {
  queryUrl: string;
  query: z.output<typeof traceQuerySchema>;
}): Promise<TraceList> {
  if (queryUrl === "") return { items: [], isConfigured: false, pagesPath: null };
  const asked = new URLSearchParams({
    service: `causeway-${program}`,
    limit: String(limit),
    lookback: "2d",
    ...(minMs === undefined ? {} : { minDuration: `${minMs}ms` }),
    ...(errors === "1" ? { tags: JSON.stringify({ error: "true" }) } : {}),
  });
  const traces = await askJaeger(queryUrl, `/api/traces?${asked}`);
  const items = traces.map(toTraceSummary).sort((a, b) => b.at.localeCompare(a.at));
  return { items, isConfigured: true, pagesPath: pagesPath(queryUrl) };
}
