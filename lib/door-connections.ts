import type { DoorConnections } from "./schemas/internal.ts";

/** Client addresses that are kept of one user at one door. */
export const KEPT_ADDRESSES = 10;

export const noConnections = (): DoorConnections => ({
  opened: 0,
  ended: 0,
  durationMs: 0,
  refused: {},
  addresses: {},
});

/** Both together, as a new object; of the addresses the last ones. */
export function mergeConnections(one: DoorConnections, other: DoorConnections): DoorConnections {
  const refused = { ...one.refused };
  for (const [reason, count] of Object.entries(other.refused))
    refused[reason] = (refused[reason] ?? 0) + count;
  const addresses = { ...one.addresses };
  for (const [ip, at] of Object.entries(other.addresses)) addresses[ip] = Math.max(addresses[ip] ?? 0, at);
  return {
    opened: one.opened + other.opened,
    ended: one.ended + other.ended,
    durationMs: one.durationMs + other.durationMs,
    refused,
    addresses: lastOf(addresses),
  };
}

function lastOf(addresses: Record<string, number>): Record<string, number> {
  const all = Object.entries(addresses);
  if (all.length <= KEPT_ADDRESSES) return addresses;
  return Object.fromEntries(all.sort(([, a], [, b]) => b - a).slice(0, KEPT_ADDRESSES));
}
