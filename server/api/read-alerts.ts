import { z } from "zod";
import type { Status } from "#lib/schemas/status.ts";
import type { WebRuntime } from "./web-runtime.ts";

type Alert = Status["alerts"][number];
/** `isAway`: nobody watches now. */
export type Alerts = { alerts: Alert[]; isAway: boolean };

const TIMEOUT_MS = 800;
const CACHE_MS = 2_000;
const answerSchema = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        activeAt: z.string(),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
    ),
  }),
});

const cacheByRuntime = new WeakMap<WebRuntime, { at: number; asked: Promise<Alerts> }>();

/** What fires in Prometheus now, critical first. Without a Prometheus there is nothing to say. */
export function readAlerts(runtime: WebRuntime): Promise<Alerts> {
  const now = runtime.clock.now();
  const known = cacheByRuntime.get(runtime);
  if (known && now - known.at < CACHE_MS) return known.asked;
  const asked = ask(runtime.env.PROMETHEUS_URL);
  cacheByRuntime.set(runtime, { at: now, asked });
  return asked;
}

async function ask(baseUrl: string): Promise<Alerts> {
  if (baseUrl === "") return { alerts: [], isAway: false };
  try {
    const url = new URL("/api/v1/alerts", baseUrl);
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { data } = answerSchema.parse(await response.json());
    const firing = data.alerts.filter(({ state }) => state === "firing").map(toAlert);
    return { alerts: firing.sort(byWeight), isAway: false };
  } catch {
    return { alerts: [], isAway: true };
  }
}

function toAlert({
  labels,
  annotations,
  activeAt,
}: z.infer<typeof answerSchema>["data"]["alerts"][number]): Alert {
  const name = labels.alertname ?? "Alert";
  return {
    name,
    severity: labels.severity === "critical" ? "critical" : "warning",
    summary: annotations.summary ?? name,
    description: annotations.description ?? "",
    since: new Date(activeAt).toISOString(),
  };
}

const byWeight = (one: Alert, other: Alert) =>
  one.severity.localeCompare(other.severity) || one.since.localeCompare(other.since);
