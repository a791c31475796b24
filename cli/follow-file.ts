import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** As much of the end as is searched for the last lines. */
const TAIL_BYTES = 1024 * 1024;
const LOOK_EVERY_MS = 250;

/** The last lines of a file, then those that come; a file that was rotated or cut is read from its new start. */
export async function followFile(options: {
  file: string;
  lastLines: number;
  isFollowing: boolean;
  onLine: (line: string) => void;
}): Promise<void> {
  const { file, onLine } = options;
  const { size, ino } = await stat(file);
  const start = Math.max(0, size - TAIL_BYTES);
  const tail = await readFrom(file, start, size);
  const lines = tail.split("\n");
  let rest = options.isFollowing ? (lines.pop() ?? "") : "";
  const whole = (start > 0 ? lines.slice(1) : lines).filter((line) => line !== "");
  for (const line of whole.slice(-options.lastLines)) onLine(line);
  let known = { ino, position: size };
  while (options.isFollowing) {
    await sleep(LOOK_EVERY_MS);
    const now = await stat(file).catch(() => null);
    if (now === null) continue;
    if (now.ino !== known.ino || now.size < known.position) {
      known = { ino: now.ino, position: 0 };
      rest = "";
    }
    if (now.size === known.position) continue;
    const parts = (rest + (await readFrom(file, known.position, now.size))).split("\n");
    rest = parts.pop() ?? "";
    known.position = now.size;
    for (const line of parts) if (line !== "") onLine(line);
  }
}

async function readFrom(file: string, from: number, to: number): Promise<string> {
  const handle = await open(file, "r");
  try {
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await handle.close();
  }
}
