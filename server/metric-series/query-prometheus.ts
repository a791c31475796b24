import { z } from "zod";
import type { ChartWindow } from "#lib/chart-window.ts";
import { unavailable } from "#server/errors.ts";

const TIMEOUT_MS = 4_000;
const answerSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

export type PromLine = { labels: Record<string, string>; values: (number | null)[] };

/** One range query on the window's grid; what Prometheus does not know, and NaN, is null. */
export async function queryPrometheus(
  baseUrl: string,
  expr: string,
  window: ChartWindow,
): Promise<PromLine[]> {
  const { fromMs, stepMs, points } = window;
  const body = new URLSearchParams({
    query: expr,
    start: String(fromMs / 1_000),
    end: String((fromMs + (points - 1) * stepMs) / 1_000),
    step: String(stepMs / 1_000),
    timeout: `${TIMEOUT_MS}ms`,
  });
  const response = await ask(new URL("/api/v1/query_range", baseUrl), body);
  const { data } = answerSchema.parse(await response.json());
  return data.result.map(({ metric, values }) => {
    const column: (number | null)[] = Array.from({ length: points }, () => null);
    for (const [seconds, text] of values) {
      const value = Number(text);
      column[Math.round((seconds * 1_000 - fromMs) / stepMs)] = Number.isFinite(value) ? value : null;
    }
    return { labels: metric, values: column };
  });
}

async function ask(url: URL, body: URLSearchParams): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(TIMEOUT_MS + 500) });
  } catch (cause) {
    throw unavailable(
      "Prometheus does not answer, so there are no rates and times to show. Everything else works. Look at ./vpn doctor.",
      cause,
    );
  }
  if (response.ok) return response;
  const text = await response.text();
  // Starting, or too busy to answer in time: 422 is a query of ours that it refused.
  if (response.status >= 500)
    throw unavailable(
      `Prometheus is not ready (it answers ${response.status}). Try again in a moment.`,
      text,
    );
  throw new Error(`Prometheus refused a query of the catalogue: ${text.slice(0, 500)}`);
}
