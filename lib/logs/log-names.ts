import { PROGRAMS } from "../schemas/status.ts";

/** Programs whose lines stand in files of the log directory. */
export const LOG_PROGRAMS = [...PROGRAMS, "edge", "supervisor", "grafana", "jaeger"] as const;

/** `web.log` now, `web.log.20261123T143000123Z` before; a replica's is `web-<host>.log`; `web.out` is what was printed raw. */
const NAME = /^([a-z0-9][\w.-]*?)\.(log|out)(?:\.(\d{8}T\d{9}Z)(?:-\d+)?)?$/;

export type LogName = {
  /** The program by the file's name; a line may say something else. */
  program: string;
  /** Those with the same name before their stamp hold one stream of lines. */
  stream: string;
  /** null: written to now. */
  rotatedAt: number | null;
};

/** null: no log file. */
export function parseLogName(fileName: string): LogName | null {
  const match = NAME.exec(fileName);
  if (!match) return null;
  const [, base = "", kind, stamp] = match;
  const program = LOG_PROGRAMS.find((name) => base === name || base.startsWith(`${name}-`)) ?? base;
  return { program, stream: `${base}.${kind}`, rotatedAt: stamp === undefined ? null : parseStamp(stamp) };
}

/** Names of one stream sort by time as they sort by letter. */
export function rotatedLogName(fileName: string, at: number): string {
  return `${fileName}.${new Date(at).toISOString().replace(/[-:.]/g, "")}`;
}

function parseStamp(stamp: string): number {
  const part = (from: number, to: number) => stamp.slice(from, to);
  const date = `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}`;
  const time = `${part(9, 11)}:${part(11, 13)}:${part(13, 15)}.${part(15, 18)}`;
  return Date.parse(`${date}T${time}Z`);
}
