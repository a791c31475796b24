import type { LogLevel } from "../log-levels.ts";

/** A line of a program that writes no JSON, as far as it can be understood. */
export type ForeignLine = { time: number; level: LogLevel; msg: string; fields: Record<string, unknown> };
type Format = { starts: RegExp; read: (text: string) => ForeignLine | null };

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const REDIS = /^\d+:[A-Z] (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d\.\d{3}) ([.*#-]) (.*)$/s;
const POSTGRES = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) UTC \[(\d+)\] (\S*) ?([A-Z]+\d?): +(.*)$/s;
const XRAY = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d)(\.\d{1,3})?\d* \[(\w+)\] (.*)$/s;
const PLAIN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\s+(.*)$/s;
const PAIR = /([\w.-]+)=("(?:[^"\\]|\\.)*"|\S*)/g;

/** PostgreSQL, Redis, Prometheus and Grafana (logfmt), Xray, and a time before a text. */
export const FORMATS: readonly Format[] = [
  {
    starts: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC \[/,
    read(text) {
      const [, date, clock, pid, who, word = "", msg = ""] = POSTGRES.exec(text) ?? [];
      if (date === undefined) return null;
      const fields = { pid: Number(pid), ...(who === "@" || who === "" ? {} : { connection: who }) };
      return { time: Date.parse(`${date}T${clock}Z`), level: levelOf(word), msg, fields };
    },
  },
  {
    starts: /^\d+:[A-Z] \d\d \w{3} \d{4} /,
    read(text) {
      const [, day, month = "", year, clock, sign = "", msg = ""] = REDIS.exec(text) ?? [];
      if (day === undefined) return null;
      const number = String(MONTHS.indexOf(month) / 3 + 1).padStart(2, "0");
      const time = Date.parse(`${year}-${number}-${day}T${clock}Z`);
      return { time, level: redisLevel(sign, msg), msg, fields: {} };
    },
  },
  {
    starts: /^(?:[\w.-]+=\S+ )?(?:ts|time|t)=/,
    read(text) {
      const pairs = [...text.matchAll(PAIR)].map(
        ([, key = "", value = ""]) => [key, unquote(value)] as const,
      );
      const { ts, time, t, level = "info", lvl, msg = "", ...fields } = Object.fromEntries(pairs);
      return { time: Date.parse(ts ?? time ?? t ?? ""), level: levelOf(lvl ?? level), msg, fields };
    },
  },
  {
    starts: /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/,
    read(text) {
      const [, moment, fraction = "", word = "", msg = ""] = XRAY.exec(text) ?? [];
      if (moment === undefined) return null;
      // Xray writes its machine's own time, which is ours.
      return { time: Date.parse(`${moment}${fraction}`), level: levelOf(word), msg, fields: {} };
    },
  },
  {
    starts: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/,
    read(text) {
      const [, moment = "", msg = ""] = PLAIN.exec(text) ?? [];
      return { time: Date.parse(moment), level: "info", msg, fields: {} };
    },
  },
];

/** Redis marks its own starting and stopping as warnings too. */
function redisLevel(sign: string, msg: string): LogLevel {
  if (sign === "#") return /\b(warning|error|fail|can't|cannot|denied)/i.test(msg) ? "warn" : "info";
  return sign === "." ? "debug" : "info";
}

const LEVELS: readonly [RegExp, LogLevel][] = [
  [/^(panic|fatal|dpanic|crit)/i, "fatal"],
  [/^err/i, "error"],
  [/^warn/i, "warn"],
  [/^debug/i, "debug"],
  [/^trace/i, "trace"],
];

/** Whatever a program calls it. */
export function levelOf(word: string): LogLevel {
  return LEVELS.find(([pattern]) => pattern.test(word))?.[1] ?? "info";
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
}
