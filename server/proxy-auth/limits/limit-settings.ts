import { readFileSync } from "node:fs";
import type { ProgramEnv } from "#server/env.ts";

/** A tunnel has two; the rest is for those who are not through the door yet, ForwardAuth and our own. */
const FILES_A_TUNNEL = 2.2;
/** One user never takes more than a fifth of what a process was told to carry. */
const USER_PART = 5;

/** What the operator allows; null = no limit. Per installation, over all its processes. */
export type LimitSettings = {
  /** Open at once in one process. */
  maxTunnels: number;
  /** Of these, one user's. */
  maxTunnelsOfOne: number;
  userMaxTunnels: number | null;
  userTunnelsPerSecond: number | null;
  ipMaxTunnels: number | null;
  ipTunnelsPerSecond: number | null;
};

/** @param openFiles How many this process may have: beyond them connections would be dropped without a word. */
export const limitSettings = (
  env: ProgramEnv<"proxy-auth">,
  openFiles = readOpenFileLimit(),
): LimitSettings => ({
  maxTunnels: Math.min(env.DOORS_MAX_TUNNELS, possibleTunnels(openFiles)),
  maxTunnelsOfOne: env.DOORS_MAX_TUNNELS / USER_PART,
  userMaxTunnels: env.DOORS_USER_MAX_TUNNELS ?? null,
  userTunnelsPerSecond: env.DOORS_USER_TUNNELS_PER_SECOND ?? null,
  ipMaxTunnels: env.DOORS_IP_MAX_TUNNELS ?? null,
  ipTunnelsPerSecond: env.DOORS_IP_TUNNELS_PER_SECOND ?? null,
});

/** In one process. */
export const possibleTunnels = (openFiles = readOpenFileLimit()): number =>
  Math.floor(openFiles / FILES_A_TUNNEL);

/** RLIMIT_NOFILE, which Node has raised to what it may be; Infinity where nobody tells (not Linux). */
function readOpenFileLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
