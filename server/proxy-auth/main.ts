import { setMaxListeners } from "node:events";
import { readEnv } from "#server/env.ts";
import { createLogger } from "#server/logger.ts";
import { startTracing } from "#server/start-tracing.ts";
import { stopTracing } from "#server/tracing.ts";
import { startProxyAuth } from "./program.ts";

/** Accepting stops at once; what is open ends with the process, after its bytes are in the journal. */
const EXIT_AFTER_MS = 1_900;

const env = readEnv("proxy-auth");
const logger = createLogger("proxy-auth", env);
setMaxListeners(50);

process.on("uncaughtException", (error) => {
  logger.fatal({ err: error }, "unexpected error; the supervisor starts proxy-auth again");
  process.exit(1);
});

try {
  await startTracing("proxy-auth", env, logger);
  const program = await startProxyAuth({ env, logger });
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, "stopping");
    setTimeout(() => process.exit(0), EXIT_AFTER_MS).unref();
    const stopped = program.stop().finally(stopTracing);
    void stopped.finally(() => process.exit(0));
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
} catch (error) {
  logger.fatal({ err: error }, "proxy-auth cannot start");
  process.exit(1);
}
