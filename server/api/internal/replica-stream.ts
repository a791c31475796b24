import type { Replica } from "#server/changes/read-replica.ts";

const LINES_A_CHUNK = 500;

/** NDJSON: the header, then one user a line; made as it is read, so that 100 000 users never stand as one text. */
export function replicaStream({ header, users }: Replica): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = (items: unknown[]) =>
    encoder.encode(items.map((item) => `${JSON.stringify(item)}\n`).join(""));
  let next = -1;
  return new ReadableStream({
    pull(controller) {
      if (next < 0) {
        controller.enqueue(lines([header]));
        next = 0;
      } else if (next < users.length) {
        controller.enqueue(lines(users.slice(next, next + LINES_A_CHUNK)));
        next += LINES_A_CHUNK;
      } else {
        controller.close();
      }
    },
  });
}
