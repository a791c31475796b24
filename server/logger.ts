import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import pino, { type Logger } from "pino";
import { hideDestinationsOfError } from "#lib/logs/hide-destinations.ts";
import { redactFields, redactSecrets } from "#lib/logs/redact-secrets.ts";
import { LogFile } from "./log-files/log-file.ts";
import { readLogLimits } from "./log-files/log-limits.ts";
import { currentTraceId } from "./tracing.ts";

export type { Logger };

/** The LOG_* of server/env.ts. */
export type LogSettings = {
  LOG_LEVEL?: string | undefined;
  LOG_DIR?: string | undefined;
  LOG_STDOUT?: "0" | "1" | undefined;
  LOG_PER_HOST?: "0" | "1" | undefined;
  LOG_FILE_MB?: number | undefined;
  LOG_TOTAL_MB?: number | undefined;
  LOG_KEEP_DAYS?: number | undefined;
  LOG_DESTINATIONS?: "0" | "1" | undefined;
};

/** Their errors may name what people visit. */
const DOORS = new Set(["proxy-auth", "node-agent"]);

/**
 * One JSON object a line: time, level, program, msg, and where known requestId, traceId, userId, route, err. To stdout,
 * and to `<LOG_DIR>/<program>.log` when there is one. No line leaves with a secret in it (lib/logs/redact-secrets.ts).
 */
export function createLogger(program: string, settings: LogSettings | string = {}): Logger {
  const options: LogSettings = typeof settings === "string" ? { LOG_LEVEL: settings } : settings;
  return pino(
    {
      level: options.LOG_LEVEL ?? "info",
      base: { program },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      serializers: { err: createErrorSerializer(DOORS.has(program) && options.LOG_DESTINATIONS !== "1") },
      mixin: () => {
        const traceId = currentTraceId();
        return traceId === null ? {} : { traceId };
      },
    },
    { write: createWriter(program, options) },
  );
}

const createErrorSerializer = (isHiding: boolean) => (error: Error) => {
  const record = redactFields({ ...pino.stdSerializers.err(error) });
  return isHiding ? hideDestinationsOfError(record) : record;
};

function createWriter(program: string, options: LogSettings): (line: string) => void {
  const file = options.LOG_DIR ? openLogFile(program, options.LOG_DIR, options) : null;
  const stdout = options.LOG_STDOUT === "0" && file ? null : pino.destination({ fd: 1, sync: true });
  return (line) => {
    const safe = redactSecrets(line);
    file?.write(safe);
    stdout?.write(safe);
  };
}

/** For lines that are not the program's own, like Xray's, which its agent keeps. */
export function openLogFile(program: string, directory: string, options: LogSettings): LogFile {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const name = options.LOG_PER_HOST === "1" ? `${program}-${hostname()}` : program;
  return new LogFile(join(directory, `${name}.log`), readLogLimits(options));
}
