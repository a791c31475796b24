import { hideDestinations } from "#lib/logs/hide-destinations.ts";
import { limitRepeats } from "#server/log-files/limit-repeats.ts";
import type { Logger } from "#server/logger.ts";
import { type AccessLine, parseAccessLine, readDestination } from "#server/xray/access-log.ts";
import { parseXrayEvent } from "#server/xray/event-log.ts";

type XrayLogOptions = {
  /** The agent's own log, and the one for Xray's words. */
  log: Logger;
  xrayLog: Logger;
  /** LOG_DESTINATIONS: off, nobody's visits are written down. */
  keepsDestinations: boolean;
  onAccess: (line: AccessLine) => void;
};

/** What to do with each line that Xray logs: connections are for the agent alone, events go to the log without addresses. */
export function createXrayLog({ log, xrayLog, keepsDestinations, onAccess }: XrayLogOptions) {
  const limitedLog = limitRepeats(log);
  const limitedXray = limitRepeats(xrayLog);
  return (line: string): void => {
    const event = parseXrayEvent(line);
    if (event) {
      const text = keepsDestinations ? event.text : hideDestinations(event.text);
      limitedXray.log(event.level, event.source, {}, text);
      return;
    }
    const access = parseAccessLine(line);
    if (!access) return;
    onAccess(access);
    if (access.kind === "rejected") {
      const { ip, port, reason } = access;
      const fields = { ip, port, reason: hideDestinations(reason) };
      limitedLog.log("warn", "rejected", fields, "Xray rejected a VPN client");
    } else if (keepsDestinations) {
      const { userId, inboundTag, ip } = access;
      const fields = { userId, door: "vpn", inbound: inboundTag, ip, target: readDestination(line) };
      xrayLog.info(fields, "visited");
    }
  };
}
