import { METERED_DOORS, type MeteredDoor } from "#lib/doors.ts";

/** Doors as they stand in the usage tables: vpn 1, http 2, socks 3. Never renumber. */
export const doorNumber = (door: MeteredDoor): number => METERED_DOORS.indexOf(door) + 1;

/** The node of usage that no node carried: the proxies. */
export const NO_NODE = "00000000-0000-0000-0000-000000000000";
