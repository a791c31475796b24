import { AppError } from "#server/errors.ts";
import type { WebRuntime } from "../web-runtime.ts";
import { StatusFeed } from "./status-feed.ts";

const MAX_LISTENERS = 200;
const CHECK_EVERY_MS = 5_000;
/** Events that a slow reader has not taken: the next status says all that those before said. */
const MAX_WAITING = 4;
const feeds = new WeakMap<WebRuntime, StatusFeed>();

/**
 * The status as server-sent events: `status` whenever it may have changed, `lost` when it cannot be read now, `end`
 * when whoever asked may no more (`isAllowed`, asked every 5 s; throws when that cannot be known).
 */
export function streamStatus(options: {
  runtime: WebRuntime;
  isAllowed: () => Promise<boolean>;
  signal: AbortSignal;
  checkEveryMs?: number;
}): ReadableStream<Uint8Array> {
  const feed = feeds.get(options.runtime) ?? new StatusFeed(options.runtime);
  feeds.set(options.runtime, feed);
  if (feed.size >= MAX_LISTENERS)
    throw new AppError("RATE_LIMITED", "Too many panels are open at once. Close one and try again.");
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream(
    {
      start(controller) {
        let isOpen = true;
        const send = (name: string, data: unknown) => {
          if (isOpen && (controller.desiredSize ?? 0) > 0)
            controller.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
        };
        const end = () => {
          if (!isOpen) return;
          stop();
          controller.close();
        };
        const stopListening = feed.listen((event) =>
          event.kind === "status" ? send("status", event.status) : send("lost", {}),
        );
        const check = setInterval(async () => {
          // Unknown (the database is away) keeps the stream: it says `lost` meanwhile.
          if (await options.isAllowed().catch(() => true)) return;
          send("end", {});
          end();
        }, options.checkEveryMs ?? CHECK_EVERY_MS);
        stop = () => {
          isOpen = false;
          stopListening();
          clearInterval(check);
        };
        options.signal.addEventListener("abort", end);
        controller.enqueue(encoder.encode("retry: 2000\n: open\n\n"));
      },
      cancel: () => stop(),
    },
    new CountQueuingStrategy({ highWaterMark: MAX_WAITING }),
  );
}
