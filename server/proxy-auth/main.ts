import cluster from "node:cluster";
import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { readEnv } from "#server/env.ts";
import { createLogger } from "#server/logger.ts";
import { runPrimary } from "./workers/run-primary.ts";

const MOST_WORKERS = 4;

/** One to two processors: Traefik, Redis and the kernel need the other half. Two workers on two processors fight, and carry half as many tunnels. */
const defaultWorkers = () => Math.max(1, Math.min(MOST_WORKERS, Math.floor(availableParallelism() / 2)));

const env = readEnv("proxy-auth");
const logger = createLogger("proxy-auth", env);
setMaxListeners(50);

process.on("uncaughtException", (error) => {
  logger.fatal({ err: error }, "unexpected error; the supervisor starts proxy-auth again");
  process.exit(1);
});

if (cluster.isPrimary) {
  runPrimary({ workers: env.PROXY_AUTH_WORKERS ?? defaultWorkers(), stateDir: env.STATE_DIR, logger });
} else {
  // Not before it is needed: the first process serves nothing, and starts in half a second less without it.
  const { runWorker } = await import("./run-worker.ts");
  await runWorker({ env, logger, place: env.PROXY_AUTH_WORKER ?? 0 });
}
