import { z } from "zod";
import type { Grafana } from "#lib/schemas/grafana.ts";

const TIMEOUT_MS = 1_500;
const healthSchema = z.object({ database: z.string(), version: z.string().optional() });

/** Whether the installation's Grafana can be shown. `url` as web dials it, empty = there is none. */
export async function readGrafana(url: string): Promise<Grafana> {
  if (url === "") return { state: "absent", version: null };
  try {
    const response = await fetch(new URL("/grafana/api/health", url), {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const health = healthSchema.parse(await response.json());
    const isUp = response.status === 200 && health.database === "ok";
    return { state: isUp ? "up" : "down", version: health.version ?? null };
  } catch {
    return { state: "down", version: null };
  }
}
