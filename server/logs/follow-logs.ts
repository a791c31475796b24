import type { z } from "zod";
import { createLineFilter, createTextFilter } from "#lib/logs/log-filter.ts";
import { logFilterSchema } from "#lib/schemas/log.ts";
import type { Context } from "#server/context.ts";
import { AppError } from "#server/errors.ts";
import type { LogSettings } from "#server/logger.ts";
import { openLogDirectory } from "./log-store.ts";
import { LogTail } from "./log-tail.ts";
import { resolveLogFilter } from "./resolve-log-filter.ts";

const MAX_LISTENERS = 50;
const CHECK_EVERY_MS = 5_000;
/** While the database is away nobody knows; that is when the logs are read. */
const MAX_UNKNOWN_MS = 60_000;
const HEARTBEAT_EVERY_MS = 15_000;
/** Events that a slow reader has not taken; beyond it lines are left out and said so. */
const MAX_WAITING = 64;
const tails = new Map<string, LogTail>();

/**
 * New lines as server-sent events: `lines` (a JSON array), `skipped` when some were left out, `end` when whoever asked
 * may no more. `isAllowed` is asked every 5 s; it throws when that cannot be known now.
 */
export async function followLogs(options: {
  ctx: Context;
  settings: LogSettings;
  query: z.input<typeof logFilterSchema>;
  isAllowed: () => Promise<boolean>;
  signal: AbortSignal;
  checkEveryMs?: number;
}): Promise<ReadableStream<Uint8Array>> {
  const directory = openLogDirectory(options.ctx, options.settings);
  const filter = await resolveLogFilter(logFilterSchema.parse(options.query));
  const tail = tails.get(directory) ?? new LogTail(directory);
  tails.set(directory, tail);
  if (tail.size >= MAX_LISTENERS)
    throw new AppError(
      "RATE_LIMITED",
      "Too many people follow the logs already. Close a page and try again.",
    );
  const [hasText, fits] = [createTextFilter(filter), createLineFilter(filter)];
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream(
    {
      start(controller) {
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        const event = (name: string, data: unknown) =>
          send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
        let wasFull = false;
        const stopListening = tail.listen((all, isSkipping) => {
          const lines = all.filter((line) => fits(line) && hasText(JSON.stringify(line)));
          const isFull = (controller.desiredSize ?? 0) <= 0;
          if (lines.length > 0 && !isFull) event("lines", lines);
          if (!isFull && (isSkipping || wasFull)) event("skipped", {});
          wasFull = isFull && (wasFull || lines.length > 0);
        });
        const heartbeat = setInterval(() => send(": still here\n\n"), HEARTBEAT_EVERY_MS);
        let knownAt = Date.now();
        const check = setInterval(async () => {
          const isAllowed = await options.isAllowed().catch(() => null);
          if (isAllowed === true) knownAt = Date.now();
          const isOver = isAllowed === false || Date.now() - knownAt > MAX_UNKNOWN_MS;
          if (!isOver || isStopped) return;
          event("end", {});
          stop();
          controller.close();
        }, options.checkEveryMs ?? CHECK_EVERY_MS);
        let isStopped = false;
        stop = () => {
          isStopped = true;
          stopListening();
          clearInterval(heartbeat);
          clearInterval(check);
        };
        options.signal.addEventListener("abort", () => {
          if (isStopped) return;
          stop();
          controller.close();
        });
        send("retry: 2000\n: open\n\n");
      },
      cancel: () => stop(),
    },
    new CountQueuingStrategy({ highWaterMark: MAX_WAITING }),
  );
}
