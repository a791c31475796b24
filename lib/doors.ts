/** The metered doors, in the order people read them. `web` (ForwardAuth) is a door too but carries no bytes of ours. */
export const METERED_DOORS = ["vpn", "http", "socks"] as const;
export type MeteredDoor = (typeof METERED_DOORS)[number];
