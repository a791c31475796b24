import cluster from "node:cluster";
import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { readEnv } from "#server/env.ts";
import { createLogger } from "#server/logger.ts";
import { adoptLeftWorkers } from "./usage/adopt-journals.ts";
import { runPrimary } from "./workers/run-primary.ts";

const MOST_WORKERS = 4;

const env = readEnv("proxy-auth");
const logger = createLogger("proxy-auth", env);
setMaxListeners(50);

process.on("uncaughtException", (error) => {
  logger.fatal({ err: error }, "unexpected error; the supervisor starts proxy-auth again");
  process.exit(1);
});

const workers = env.PROXY_AUTH_WORKERS ?? Math.min(availableParallelism(), MOST_WORKERS);
if (workers > 1 && cluster.isPrimary) {
  runPrimary({ workers, logger });
  void adoptLeftWorkers({ stateDir: env.STATE_DIR, workers, logger });
} else {
  // Not before it is needed: the first process serves nothing, and starts in half a second less without it.
  const { runWorker } = await import("./run-worker.ts");
  if (workers === 1) void adoptLeftWorkers({ stateDir: env.STATE_DIR, workers, logger });
  await runWorker({ env, logger, place: env.PROXY_AUTH_WORKER ?? 0 });
}
