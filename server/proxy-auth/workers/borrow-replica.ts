import { copyFile, mkdir, rename, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { REPLICA_FILE } from "../replica/replica-file.ts";
import { placesIn, stateDirOf } from "./state-dir.ts";

/**
 * Gives a worker the newest copy of the replica that any worker here has kept: one that takes another's part in a place
 * of its own must know the users while the panel is away too.
 */
export async function borrowReplica(stateDir: string, place: number): Promise<void> {
  const pathOf = (where: number) => join(stateDirOf(stateDir, where), REPLICA_FILE);
  let newest = { path: "", heardAt: 0 };
  for (const path of [0, ...placesIn(stateDir)].map(pathOf)) {
    const heardAt = (await stat(path).catch(() => null))?.mtimeMs ?? 0;
    if (heardAt > newest.heardAt) newest = { path, heardAt };
  }
  const own = pathOf(place);
  if (newest.path === "" || newest.path === own) return;
  await mkdir(dirname(own), { recursive: true, mode: 0o700 });
  await copyFile(newest.path, `${own}.new`);
  await utimes(`${own}.new`, newest.heardAt / 1000, newest.heardAt / 1000);
  await rename(`${own}.new`, own);
}
