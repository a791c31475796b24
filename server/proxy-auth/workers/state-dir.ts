import { readdirSync } from "node:fs";
import { join } from "node:path";

const NAME = /^worker-(\d+)$/;

/** The first worker keeps the directory that a single process has. */
export const stateDirOf = (stateDir: string, place: number): string =>
  place === 0 ? stateDir : join(stateDir, `worker-${place}`);

/** Places of all workers that have kept something here, but the first's. */
export function placesIn(stateDir: string): number[] {
  try {
    return readdirSync(stateDir).flatMap((name) => {
      const place = NAME.exec(name)?.[1];
      return place === undefined ? [] : [Number(place)];
    });
  } catch {
    return [];
  }
}
