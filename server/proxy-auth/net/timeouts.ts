import type { ProgramEnv } from "#server/env.ts";

/** How long each stage of a connection may take. */
export type Timeouts = {
  /** PROXY header and SOCKS handshake. */
  handshakeMs: number;
  /** The head of an HTTP request. */
  headMs: number;
  /** All addresses of a target together. */
  connectMs: number;
  /** Silence on both sides of a tunnel. */
  idleMs: number;
  /** The same, where one side has said that it is done. */
  halfClosedIdleMs: number;
  /** The same of a plain request. */
  requestIdleMs: number;
  /** From the first byte to the cut, however busy; null = no limit. */
  lifetimeMs: number | null;
};

export const timeoutsFrom = (env: ProgramEnv<"proxy-auth">): Timeouts => {
  const idleMs = env.DOORS_IDLE_SECONDS * 1_000;
  return {
    handshakeMs: env.DOORS_HANDSHAKE_SECONDS * 1_000,
    headMs: env.DOORS_HEADER_SECONDS * 1_000,
    connectMs: env.DOORS_CONNECT_SECONDS * 1_000,
    idleMs,
    halfClosedIdleMs: Math.min(idleMs, 2 * 60_000),
    requestIdleMs: Math.min(idleMs, 5 * 60_000),
    lifetimeMs: env.DOORS_LIFETIME_SECONDS === null ? null : env.DOORS_LIFETIME_SECONDS * 1_000,
  };
};
