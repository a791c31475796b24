import pino, { type Logger } from "pino";

export type { Logger };

/** Keys whose values never reach a log, wherever in the object they stand (three levels are enough for our records). */
const SECRET_KEYS = [
  "password",
  "currentPassword",
  "newPassword",
  "token",
  "authorization",
  "Authorization",
  "cookie",
  "Cookie",
  "secret",
  "vlessId",
  "subscriptionUrl",
  "privateKey",
  "realityPrivateKey",
  "proxyHash",
];

/** JSON lines on stdout; the supervisor (or Docker) keeps them. */
export function createLogger(program: string, level = "info"): Logger {
  return pino({
    level,
    base: { program },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[redacted]" },
  });
}
