import packageJson from "../package.json" with { type: "json" };
import type { Logger } from "./logger.ts";
import { initTracing } from "./tracing.ts";

/** Tracing as a program's environment asks for it. A collector that is away is told once, and once when it is back. */
export async function startTracing(
  program: string,
  env: { OTLP_ENDPOINT: string; TRACE_SAMPLE_RATIO: number },
  log: Logger,
): Promise<void> {
  let isAway = false;
  await initTracing({
    program,
    version: packageJson.version,
    endpoint: env.OTLP_ENDPOINT,
    sampleRatio: env.TRACE_SAMPLE_RATIO,
    onExport(error) {
      if (error && !isAway)
        log.warn({ reason: error.message }, "the trace collector is away: spans are dropped");
      if (!error && isAway) log.info("the trace collector is back");
      isAway = error !== null;
    },
  });
}
