import cluster from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProgramEnv } from "#server/env.ts";
import type { Logger } from "#server/logger.ts";
import { startTracing } from "#server/start-tracing.ts";
import { stopTracing } from "#server/tracing.ts";
import { startProxyAuth } from "./program.ts";
import { borrowReplica } from "./workers/borrow-replica.ts";
import type { FromWorker } from "./workers/messages.ts";
import { stateDirOf } from "./workers/state-dir.ts";

/** Accepting stops at once; what is open ends with the process, after its bytes are in the journal. */
const EXIT_AFTER_MS = 1_900;
const LEAVE_MS = 100;

/** A process that serves. */
export async function runWorker(options: {
  env: ProgramEnv<"proxy-auth">;
  logger: Logger;
  place: number;
}): Promise<void> {
  const { env, logger, place } = options;
  const stateDir = stateDirOf(env.STATE_DIR, place);
  try {
    await startTracing("proxy-auth", env, logger);
    await borrowReplica(env.STATE_DIR, place).catch((error: unknown) =>
      logger.warn({ err: error }, "another worker's copy of the replica cannot be used"),
    );
    const program = await startProxyAuth({
      env: { ...env, STATE_DIR: stateDir },
      logger,
      isWorker: cluster.isWorker,
    });
    let isStopping = false;
    const stop = (signal: string) => {
      if (isStopping) return;
      isStopping = true;
      logger.info({ signal }, "stopping");
      const drained = env.DRAIN_SECONDS === 0 ? Promise.resolve() : program.drain(env.DRAIN_SECONDS * 1_000);
      void drained.then(leavePrimary).then(() => {
        setTimeout(() => process.exit(0), EXIT_AFTER_MS).unref();
        return program
          .stop()
          .finally(stopTracing)
          .finally(() => process.exit(0));
      });
    };
    process.on("SIGTERM", () => stop("SIGTERM"));
    process.on("SIGINT", () => stop("SIGINT"));
    const ready: FromWorker = { kind: "ready" };
    process.send?.(ready);
  } catch (error) {
    logger.fatal({ err: error }, "proxy-auth cannot start");
    process.exit(1);
  }
}

/**
 * Whoever closes a listener last resets what nobody has accepted yet. That may not be the first process, which accepts
 * nothing: it lets go of its own when no worker is left on the line.
 */
async function leavePrimary(): Promise<void> {
  if (!cluster.worker || !process.connected) return;
  cluster.worker.exitedAfterDisconnect = true;
  process.disconnect();
  await sleep(LEAVE_MS);
}
