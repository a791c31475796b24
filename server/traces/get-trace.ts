import type { Trace } from "#lib/schemas/trace.ts";
import { notFound } from "#server/errors.ts";
import { askJaeger, pagesPath } from "./ask-jaeger.ts";
import { toTraceSummary, toTree } from "./to-trace.ts";

/** One trace with all its spans. Jaeger keeps the last ones only: NOT_FOUND for what it has let go. */
export async function getTrace({ queryUrl, id }: { queryUrl: string; id: string }): Promise<Trace> {
  const [trace] = await askJaeger(queryUrl, `/api/traces/${id}`);
  if (!trace) throw notFound("trace", id);
  return { ...toTraceSummary(trace), tree: toTree(trace), pagesPath: pagesPath(queryUrl) };
}
