import type { ProgramEnv } from "#server/env.ts";

/** What the operator allows; null = no limit. Per installation, over all its processes. */
export type LimitSettings = {
  /** Open at once in one process. */
  maxTunnels: number;
  userMaxTunnels: number | null;
  userTunnelsPerSecond: number | null;
  ipMaxTunnels: number | null;
  ipTunnelsPerSecond: number | null;
};

export const limitSettings = (env: ProgramEnv<"proxy-auth">): LimitSettings => ({
  maxTunnels: env.DOORS_MAX_TUNNELS,
  userMaxTunnels: env.DOORS_USER_MAX_TUNNELS ?? null,
  userTunnelsPerSecond: env.DOORS_USER_TUNNELS_PER_SECOND ?? null,
  ipMaxTunnels: env.DOORS_IP_MAX_TUNNELS ?? null,
  ipTunnelsPerSecond: env.DOORS_IP_TUNNELS_PER_SECOND ?? null,
});
