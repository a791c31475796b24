import { limitRepeats } from "#server/log-files/limit-repeats.ts";
import type { Logger } from "#server/logger.ts";
import type { Decision } from "./decide.ts";

const limits = new WeakMap<Logger, ReturnType<typeof limitRepeats>>();

/** Who was not let in. Who was stands in Traefik's access log already, and would be most of what there is to read. */
export function tellRefusal(logger: Logger, decision: Decision, requestId: string): void {
  if (decision.kind === "allow") return;
  const limited = limits.get(logger) ?? limitRepeats(logger);
  limits.set(logger, limited);
  const level = decision.kind === "unavailable" ? "warn" : "info";
  const who = decision.kind === "forbidden" ? { user: decision.identity.name, reason: decision.reason } : {};
  limited.log(
    level,
    decision.kind,
    { requestId, outcome: decision.kind, ...who },
    "ForwardAuth refused a request",
  );
}
