import { redactFields, redactSecrets } from "#lib/logs/redact-secrets.ts";
import type { LogLine } from "#lib/schemas/log.ts";
import type { Context } from "#server/context.ts";
import { forbidden, unavailable } from "#server/errors.ts";
import type { LogSettings } from "#server/logger.ts";

/** Log lines are for operators; without a directory there is nothing to read. */
export function openLogDirectory(ctx: Context, settings: LogSettings): string {
  if (ctx.actor.role === "user") throw forbidden();
  if (!settings.LOG_DIR) throw unavailable("No log files are kept here: set LOG_DIR for every program.");
  return settings.LOG_DIR;
}

/** Programs that are not ours redact nothing: whatever they wrote leaves without secrets. */
export function redactLine(line: LogLine): LogLine {
  return JSON.parse(redactSecrets(JSON.stringify({ ...line, fields: redactFields(line.fields) }))) as LogLine;
}
