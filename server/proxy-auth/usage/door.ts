import type { MeteredDoor } from "#lib/doors.ts";

/** The doors of this program. */
export type ProxyDoor = Exclude<MeteredDoor, "vpn">;
export const PROXY_DOORS = ["http", "socks"] as const satisfies readonly ProxyDoor[];
