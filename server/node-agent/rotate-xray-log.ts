import { renameSync, statSync } from "node:fs";
import type { Logger } from "#server/logger.ts";
import type { XrayClient } from "#server/xray/client.ts";

const MAX_BYTES = 20 * 1024 * 1024;

/** Keeps Xray's error log and the one before it. Xray writes to the renamed file until it is told. */
export async function rotateXrayLog(path: string, client: XrayClient, log: Logger): Promise<void> {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < MAX_BYTES) return;
    renameSync(path, `${path}.1`);
    await client.restartLogger();
  } catch (error) {
    log.warn({ err: error }, "Xray's log could not be rotated");
  }
}
