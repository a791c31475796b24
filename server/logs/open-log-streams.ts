import type { FileHandle } from "node:fs/promises";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseLogName } from "#lib/logs/log-names.ts";
import type { LogSource } from "#lib/logs/read-lines-back.ts";
import type { LogStream } from "#lib/logs/search-logs.ts";
import { unavailable } from "#server/errors.ts";

type OpenStreams = { streams: LogStream[]; close: () => Promise<void> };

/** The log files of a directory, opened before any of them is put aside, so that none is read twice or not at all. */
export async function openLogStreams(
  directory: string,
  wanted: { programs: ReadonlySet<string> | null; from: number | null },
): Promise<OpenStreams> {
  const handles: FileHandle[] = [];
  const close = async () => {
    await Promise.all(handles.map((handle) => handle.close()));
  };
  try {
    const streams = new Map<string, { at: number; source: LogSource }[]>();
    for (const { name, program, stream, rotatedAt } of await listLogFiles(directory)) {
      if (wanted.programs !== null && !wanted.programs.has(program)) continue;
      const found = await openSource(join(directory, name), program, wanted.from, handles);
      if (!found) continue;
      const files = streams.get(stream) ?? [];
      streams.set(stream, files);
      files.push({ at: rotatedAt ?? Number.POSITIVE_INFINITY, source: found });
    }
    const newestFirst = [...streams.values()].map((files) =>
      files.toSorted((a, b) => b.at - a.at).map(({ source }) => source),
    );
    return { streams: newestFirst, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function listLogFiles(directory: string) {
  const names = await readdir(directory).catch((error) => {
    throw unavailable("The log directory cannot be read. Check LOG_DIR and its permissions.", error);
  });
  return names.flatMap((name) => {
    const parsed = parseLogName(name);
    return parsed ? [{ name, ...parsed }] : [];
  });
}

/** null: it is gone, or nothing in it is as new as `from`. */
async function openSource(
  path: string,
  program: string,
  from: number | null,
  handles: FileHandle[],
): Promise<LogSource | null> {
  const found = await stat(path).catch(() => null);
  if (!found || found.size === 0 || (from !== null && found.mtimeMs < from)) return null;
  const handle = await open(path).catch(() => null);
  if (!handle) return null;
  handles.push(handle);
  const { ino, size, mtimeMs } = await handle.stat();
  return {
    id: String(ino),
    program,
    size,
    modifiedAt: mtimeMs,
    async read(start, end) {
      const buffer = Buffer.allocUnsafe(end - start);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
      return buffer.subarray(0, bytesRead);
    },
  };
}
