import type { z } from "zod";
import { programsOf } from "#lib/logs/log-filter.ts";
import { searchLogs } from "#lib/logs/search-logs.ts";
import { logDownloadQuerySchema } from "#lib/schemas/log.ts";
import type { Context } from "#server/context.ts";
import type { LogSettings } from "#server/logger.ts";
import { openLogDirectory, redactLine } from "./log-store.ts";
import { openLogStreams } from "./open-log-streams.ts";
import { resolveLogFilter } from "./resolve-log-filter.ts";

const MAX_LINES = 100_000;
const LINES_A_PART = 2_000;
const MAX_BYTES_A_PART = 32 * 1024 * 1024;
const MAX_MS = 60_000;

/** The same lines as NDJSON, newest first, made as they are read; at most 100 000 in a minute. */
export async function downloadLogs(options: {
  ctx: Context;
  settings: LogSettings;
  query: z.input<typeof logDownloadQuerySchema>;
}): Promise<ReadableStream<Uint8Array>> {
  const directory = openLogDirectory(options.ctx, options.settings);
  const { from, to, ...rest } = logDownloadQuerySchema.parse(options.query);
  const filter = await resolveLogFilter(rest);
  const since = from === undefined ? null : Date.parse(from);
  const { streams, close } = await openLogStreams(directory, { programs: programsOf(filter), from: since });
  const encoder = new TextEncoder();
  const deadline = Date.now() + MAX_MS;
  let left = MAX_LINES;
  let cursor: string | null = null;
  return new ReadableStream({
    async pull(controller) {
      try {
        const page = await searchLogs({
          streams,
          filter,
          from: since,
          to: to === undefined ? null : Date.parse(to),
          cursor,
          limit: Math.min(left, LINES_A_PART),
          maxBytes: MAX_BYTES_A_PART,
          maxMs: Math.max(1, deadline - Date.now()),
        });
        left -= page.items.length;
        cursor = page.nextCursor;
        const lines = page.items.map((line) => `${JSON.stringify(redactLine(line))}\n`);
        // An empty part must still be one, or nobody would pull again.
        controller.enqueue(encoder.encode(lines.join("")));
        if (cursor !== null && left > 0 && Date.now() < deadline) return;
        await close();
        controller.close();
      } catch (error) {
        await close();
        controller.error(error);
      }
    },
    cancel: close,
  });
}
