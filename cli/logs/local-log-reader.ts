import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "#cli/cli-error.ts";
import { programsOf } from "#lib/logs/log-filter.ts";
import { parseLogName } from "#lib/logs/log-names.ts";
import type { LogSource } from "#lib/logs/read-lines-back.ts";
import { redactSecrets } from "#lib/logs/redact-secrets.ts";
import { searchLogs } from "#lib/logs/search-logs.ts";
import type { LogLine, LogQuery } from "#lib/schemas/log.ts";
import type { LogReader } from "./log-reader.ts";

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_MS = 10_000;

/** The files themselves, so that it works when nothing else does. `userAlias`: the id of a user named in a query. */
export function createLocalReader(directory: string, userAlias: string | undefined): LogReader {
  return {
    async search({ from, to, cursor, limit, ...filter }: LogQuery) {
      const since = from === undefined ? null : Date.parse(from);
      const handles: FileHandle[] = [];
      try {
        const page = await searchLogs({
          streams: await openStreams(directory, programsOf(filter), since, handles),
          filter: { ...filter, userAlias },
          from: since,
          to: to === undefined ? null : Date.parse(to),
          cursor: cursor ?? null,
          limit: limit ?? 100,
          maxBytes: MAX_BYTES,
          maxMs: MAX_MS,
        });
        return { ...page, items: page.items.map(redactLine) };
      } finally {
        for (const handle of handles) await handle.close();
      }
    },
  };
}

/** Programs that have files here, by name. */
export async function listLocalPrograms(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EACCES")
      throw new CliError(`${directory} is not readable for you. Run as the user who runs the stack.`);
    throw new CliError(`There are no logs in ${directory}. Start the stack: npm run up`);
  });
  return [...new Set(names.flatMap((name) => parseLogName(name)?.program ?? []))].toSorted();
}

async function openStreams(
  directory: string,
  programs: ReadonlySet<string> | null,
  since: number | null,
  handles: FileHandle[],
): Promise<LogSource[][]> {
  const streams = new Map<string, { at: number; source: LogSource }[]>();
  for (const name of await readdir(directory)) {
    const parsed = parseLogName(name);
    if (!parsed || (programs !== null && !programs.has(parsed.program))) continue;
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (!found || found.size === 0 || (since !== null && found.mtimeMs < since)) continue;
    const handle = await open(path).catch(() => null);
    if (!handle) continue;
    handles.push(handle);
    const files = streams.get(parsed.stream) ?? [];
    streams.set(parsed.stream, files);
    const source = await toSource(handle, parsed.program);
    files.push({ at: parsed.rotatedAt ?? Number.POSITIVE_INFINITY, source });
  }
  return [...streams.values()].map((files) =>
    files.toSorted((a, b) => b.at - a.at).map(({ source }) => source),
  );
}

async function toSource(handle: FileHandle, program: string): Promise<LogSource> {
  const { ino, size, mtimeMs } = await handle.stat();
  return {
    id: String(ino),
    program,
    size,
    modifiedAt: mtimeMs,
    async read(from, to) {
      const buffer = Buffer.allocUnsafe(to - from);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      return buffer.subarray(0, bytesRead);
    },
  };
}

const redactLine = (line: LogLine) => JSON.parse(redactSecrets(JSON.stringify(line))) as LogLine;
