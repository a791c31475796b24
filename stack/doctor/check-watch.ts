import { z } from "zod";
import type { Report } from "#stack/doctor/report.ts";
import type { Settings } from "#stack/settings.ts";

const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.object({ job: z.string() }), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const alertsSchema = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
    ),
  }),
});

/** Does Prometheus see every program, and what does it warn of? */
export async function checkWatch(report: Report, { ports }: Settings): Promise<void> {
  const base = `http://127.0.0.1:${ports.prometheus}/api/v1`;
  try {
    const { data } = targetsSchema.parse(await ask(`${base}/targets?state=active`));
    const down = data.activeTargets.filter(({ health }) => health === "down");
    for (const { labels, lastError } of down)
      report.warning(`target ${labels.job}`, {
        detail: lastError,
        meaning: "Its charts and alerts stand still.",
        action: `./vpn logs ${labels.job}`,
      });
    if (down.length === 0) report.ok("targets", `${data.activeTargets.length} programs are watched`);
    const { alerts } = alertsSchema.parse(await ask(`${base}/alerts`)).data;
    const firing = alerts.filter(({ state }) => state === "firing");
    for (const { labels, annotations } of firing)
      report.warning(`alert ${labels.alertname ?? ""}`, {
        detail: annotations.summary ?? "it fires",
        meaning: annotations.description ?? "See its rule in docker/prometheus.",
        action: annotations.action ?? annotations.runbook ?? "./vpn status",
      });
    if (firing.length === 0) report.ok("alerts", "none fires");
  } catch {
    report.skipped("Prometheus", "it cannot be asked");
  }
}

async function ask(url: string): Promise<unknown> {
  return (await fetch(url, { signal: AbortSignal.timeout(3_000) })).json();
}
