import { Transform, type TransformCallback } from "node:stream";
import type { Direction, UserPace } from "./pacer.ts";

/** A pipe of node:http's that keeps to a user's pace. */
export function throttle(pace: UserPace, direction: Direction, exchange: object): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const goOn = () => done(null, chunk);
      if (!pace.isTooFast(direction, chunk.length, exchange, "http", goOn)) goOn();
    },
  });
}
