import type { Redis } from "ioredis";
import type { Clock } from "#server/clock.ts";
import type { ProgramEnv } from "#server/env.ts";
import type { Logger } from "#server/logger.ts";
import type { Registry } from "#server/metrics.ts";

/** What the web program opens once at its start and every request uses. */
export type WebRuntime = {
  env: ProgramEnv<"web">;
  redis: Redis;
  logger: Logger;
  registry: Registry;
  clock: Clock;
  version: string;
  /** For proxy.ts, which must not import the database. */
  isPostgresUp?: () => Promise<boolean>;
};

/** Next bundles instrumentation and routes apart: only globalThis is one for both. */
const KEY = Symbol.for("causeway.web-runtime");
const holder = globalThis as { [KEY]?: WebRuntime };

export function setWebRuntime(runtime: WebRuntime): void {
  holder[KEY] = runtime;
}

export const findWebRuntime = (): WebRuntime | null => holder[KEY] ?? null;

export function getWebRuntime(): WebRuntime {
  const runtime = holder[KEY];
  if (!runtime) throw new Error("The web program has not started: instrumentation.ts opens what this needs.");
  return runtime;
}
