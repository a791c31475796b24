import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { LogPrograms } from "#lib/schemas/log.ts";
import type { Context } from "#server/context.ts";
import { readLogLimits } from "#server/log-files/log-limits.ts";
import type { LogSettings } from "#server/logger.ts";
import { openLogDirectory } from "./log-store.ts";
import { listLogFiles } from "./open-log-streams.ts";

const DAY_MS = 86_400_000;
type Row = { files: number; bytes: number; writtenAt: number };

/** Whose lines there are, and how much room they take. */
export async function listLogPrograms(options: {
  ctx: Context;
  settings: LogSettings;
}): Promise<LogPrograms> {
  const { ctx, settings } = options;
  const directory = openLogDirectory(ctx, settings);
  const rows = new Map<string, Row>();
  for (const { name, program } of await listLogFiles(directory)) {
    const found = await stat(join(directory, name)).catch(() => null);
    if (!found) continue;
    const row = rows.get(program) ?? { files: 0, bytes: 0, writtenAt: 0 };
    row.files += 1;
    row.bytes += found.size;
    if (found.size > 0) row.writtenAt = Math.max(row.writtenAt, found.mtimeMs);
    rows.set(program, row);
  }
  const limits = readLogLimits(settings);
  return {
    items: [...rows]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([program, { files, bytes, writtenAt }]) => ({
        program,
        files,
        bytes,
        writtenAt: writtenAt === 0 ? null : new Date(writtenAt).toISOString(),
      })),
    totalBytes: [...rows.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    capBytes: limits.totalBytes,
    keepDays: limits.keepMs / DAY_MS,
    keepsDestinations: settings.LOG_DESTINATIONS === "1",
  };
}
