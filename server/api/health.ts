import { getDb } from "#server/db.ts";
import { createProbe } from "#server/readiness.ts";
import type { WebRuntime } from "./web-runtime.ts";

const WITHIN_MS = 700;

export const MAY_BE_MISSING = ["postgres", "redis"] as const;
export type Missing = (typeof MAY_BE_MISSING)[number];

type Probes = Record<Missing, () => Promise<boolean>>;
const probesByRuntime = new WeakMap<WebRuntime, Probes>();

/** What web needs and cannot reach, by program name; answered within a second. */
export async function readReadiness(runtime: WebRuntime): Promise<Missing[]> {
  const probes = probesOf(runtime);
  const answers = await Promise.all(
    MAY_BE_MISSING.map(async (name) => ({ name, isUp: await probes[name]() })),
  );
  return answers.filter(({ isUp }) => !isUp).map(({ name }) => name);
}

export const isPostgresUp = (runtime: WebRuntime): Promise<boolean> => probesOf(runtime).postgres();

function probesOf(runtime: WebRuntime): Probes {
  const known = probesByRuntime.get(runtime);
  if (known) return known;
  const probes: Probes = {
    postgres: createProbe(() => getDb().$queryRaw`SELECT 1`, WITHIN_MS),
    redis: createProbe(() => runtime.redis.ping(), WITHIN_MS),
  };
  probesByRuntime.set(runtime, probes);
  return probes;
}
