import { setMaxListeners } from "node:events";
import { readEnv } from "#server/env.ts";
import { createLogger } from "#server/logger.ts";
import { startTracing } from "#server/start-tracing.ts";
import { stopTracing } from "#server/tracing.ts";
import { startProxyAuth } from "./program.ts";
import { JournalAdopter } from "./usage/adopt-journals.ts";

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
  const adopter = new JournalAdopter({ stateDir: env.STATE_DIR, logger });
  adopter.start();
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, "stopping");
    adopter.stop();
    const drained = env.DRAIN_SECONDS === 0 ? Promise.resolve() : program.drain(env.DRAIN_SECONDS * 1_000);
    void drained.then(() => {
      setTimeout(() => process.exit(0), EXIT_AFTER_MS).unref();
      return program
        .stop()
        .finally(stopTracing)
        .finally(() => process.exit(0));
    });
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
} catch (error) {
  logger.fatal({ err: error }, "proxy-auth cannot start");
  process.exit(1);
}
