import { formatBytes } from "#lib/format-bytes.ts";

/** Lines carry bits a second, accounts carry bytes: `12.3 Mbit/s`. */
export const formatSpeed = (bytesPerSecond: number): string =>
  `${formatBytes(bytesPerSecond * 8).replace(/B$/, "bit")}/s`;
