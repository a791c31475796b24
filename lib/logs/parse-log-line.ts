import type { LogLine } from "../schemas/log.ts";
import { FORMATS, levelOf } from "./log-formats.ts";

type Where = { id: string; program: string };
type Json = Record<string, unknown>;

/** Whether a line of text begins a log line; if not, it goes on with the one before (a stack, a statement). */
export function startsLogLine(text: string): boolean {
  return text.startsWith("{") || FORMATS.some(({ starts }) => starts.test(text));
}

/** null: it has no time that can be read. */
export function parseLogLine(text: string, where: Where): LogLine | null {
  const json = text.startsWith("{") ? parseJson(text) : null;
  if (json) return fromJson(json, where);
  for (const { starts, read } of FORMATS) {
    const line = starts.test(text) ? read(text) : null;
    if (!line || Number.isNaN(line.time)) continue;
    const time = new Date(line.time).toISOString();
    return { ...where, ...NO_IDS, time, level: line.level, msg: line.msg, fields: line.fields };
  }
  return null;
}

/** A line without a time of its own. */
export function plainLogLine(msg: string, time: number, where: Where): LogLine {
  const level = /\b(error|fatal|panic|exception)\b|⨯/i.test(msg) ? "error" : "info";
  return { ...where, ...NO_IDS, time: new Date(time).toISOString(), level, msg, fields: {} };
}

const NO_IDS = { requestId: null, traceId: null, userId: null };

function fromJson(json: Json, { id, program: fileProgram }: Where): LogLine | null {
  const line = "DownstreamStatus" in json ? fromAccessLine(json) : json;
  const { time, ts, level, lvl, program, msg, message, requestId, traceId, trace_id, userId, ...fields } =
    line;
  const at = readTime(time ?? ts);
  if (at === null) return null;
  return {
    id,
    time: new Date(at).toISOString(),
    level: levelOf(textOf(level) ?? textOf(lvl) ?? "info"),
    program: textOf(program) ?? fileProgram,
    msg: textOf(msg) ?? textOf(message) ?? "",
    requestId: textOf(requestId),
    traceId: textOf(traceId) ?? textOf(trace_id),
    userId: textOf(userId),
    fields,
  };
}

/** Traefik's access log, named as our own requests are. */
function fromAccessLine(json: Json): Json {
  const { StartUTC, Duration, DownstreamStatus, RequestMethod, RequestPath, RequestHost, ClientHost } = json;
  const milliseconds = Number(Duration) / 1e6;
  const status = Number(DownstreamStatus);
  const startedAt = Date.parse(textOf(StartUTC) ?? "");
  return {
    // The line was written when the request ended.
    time: Number.isNaN(startedAt) ? json.time : startedAt + (milliseconds || 0),
    level: status >= 500 ? "warn" : "info",
    msg: "request",
    requestId: json["downstream_X-Request-Id"],
    traceId: json.trace_id,
    method: RequestMethod,
    path: RequestPath,
    status,
    ms: Math.round(milliseconds),
    host: RequestHost,
    ip: ClientHost,
    bytes: json.DownstreamContentSize,
    entryPoint: json.entryPointName,
    router: json.RouterName,
  };
}

function readTime(value: unknown): number | null {
  // Seconds (zap) or milliseconds since 1970, or RFC 3339.
  const at =
    typeof value === "number" ? (value < 1e11 ? value * 1000 : value) : Date.parse(textOf(value) ?? "");
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? at : null;
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

function parseJson(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
