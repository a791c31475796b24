import { z } from "zod";
import { unavailable } from "#server/errors.ts";

const TIMEOUT_MS = 4_000;

/** The part of Jaeger's JSON that we read. Times are microseconds. */
const jaegerTraceSchema = z.object({
  traceID: z.string(),
  spans: z.array(
    z.object({
      spanID: z.string(),
      operationName: z.string(),
      references: z.array(z.object({ refType: z.string(), spanID: z.string() })).default([]),
      startTime: z.number(),
      duration: z.number(),
      processID: z.string(),
      tags: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
    }),
  ),
  processes: z.record(z.string(), z.object({ serviceName: z.string() })),
});
export type JaegerTrace = z.infer<typeof jaegerTraceSchema>;
const answerSchema = z.object({ data: z.array(jaegerTraceSchema).nullable() });

/** Traces by Jaeger's query API; none when it knows none. `path` is below its address. */
export async function askJaeger(queryUrl: string, path: string): Promise<JaegerTrace[]> {
  if (queryUrl === "") {
    throw unavailable("There is no Jaeger here. Start it: npm run up -- --with jaeger");
  }
  let response: Response;
  try {
    const address = `${queryUrl.replace(/\/+$/, "")}${path}`;
    response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw unavailable("Jaeger does not answer. Everything else works: tracing waits for nobody.", cause);
  }
  if (response.status === 404) return [];
  if (!response.ok) throw unavailable(`Jaeger answered ${response.status}. Look into its log.`);
  return answerSchema.parse(await response.json()).data ?? [];
}

/** Its pages stand at the same path of the panel's host, behind ForwardAuth; without a path it has none there. */
export function pagesPath(queryUrl: string): string | null {
  const path = queryUrl === "" ? "/" : new URL(queryUrl).pathname.replace(/\/+$/, "");
  return path === "" || path === "/" ? null : path;
}
