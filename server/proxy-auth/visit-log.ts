import type { Logger } from "#server/logger.ts";
import type { Target } from "./net/target.ts";
import type { ProxyDoor } from "./usage/door.ts";

export type VisitLog = (userId: string, door: ProxyDoor, target: Pick<Target, "host" | "port">) => void;

/** LOG_DESTINATIONS: where people go is written down only when an operator turned that on. */
export function createVisitLog(logger: Logger, keepsDestinations: boolean): VisitLog {
  if (!keepsDestinations) return () => {};
  return (userId, door, { host, port }) =>
    logger.info(
      { userId, door, target: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}` },
      "visited",
    );
}
