import { connect, type Socket } from "node:net";
import type { Deadlines } from "./deadlines.ts";
import { DialError, failureOf } from "./failures.ts";
import { OriginReader } from "./origin-reader.ts";
import { BufferPool } from "./read-buffer.ts";
import type { Target } from "./target.ts";
import type { TargetGuard } from "./target-guard.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** RFC 8305: how long one address may be alone before the next is tried beside it. */
const ATTEMPT_DELAY_MS = 250;
const MAX_ADDRESSES = 8;

/** A connected origin, paused: nothing is read before a tunnel stands. `reader` null = an ordinary stream. */
export type Origin = { socket: Socket; reader: OriginReader | null };
export type Dial = (target: Target, options: { signal: AbortSignal; isRaw: boolean }) => Promise<Origin>;

export function createDial(options: { guard: TargetGuard; deadlines: Deadlines }): Dial {
  const pool = new BufferPool();
  return async (target, { signal, isRaw }) => {
    const addresses = await options.guard(target);
    if (signal.aborted) throw new DialError("aborted");
    return race({
      addresses: interleave(addresses),
      port: target.port,
      signal,
      deadlines: options.deadlines,
      pool: isRaw ? pool : null,
    });
  };
}

type Race = {
  addresses: string[];
  port: number;
  signal: AbortSignal;
  deadlines: Deadlines;
  pool: BufferPool | null;
};

/** The first address that answers wins; the next is tried when one fails or is slow. */
function race({ addresses, port, signal, deadlines, pool }: Race): Promise<Origin> {
  return new Promise((resolve, reject) => {
    const attempts = new Set<Origin>();
    let next = 0;
    let stagger: NodeJS.Timeout | null = null;
    let isOver = false;
    const finish = (winner: Origin | null, error?: DialError) => {
      if (isOver) return;
      isOver = true;
      if (stagger) clearTimeout(stagger);
      deadlines.cancel(deadline);
      signal.removeEventListener("abort", onAbort);
      for (const attempt of attempts) if (attempt !== winner) drop(attempt);
      if (winner) resolve(winner);
      else reject(error);
    };
    const onAbort = () => finish(null, new DialError("aborted"));
    const deadline = deadlines.after(CONNECT_TIMEOUT_MS, () => finish(null, new DialError("timeout")));
    signal.addEventListener("abort", onAbort);

    const tryNext = (cause: unknown) => {
      if (stagger) clearTimeout(stagger);
      stagger = null;
      const address = addresses[next];
      if (isOver) return;
      if (address === undefined) {
        if (attempts.size === 0) finish(null, new DialError(failureOf(cause), cause));
        return;
      }
      next += 1;
      const attempt = open(address, port, pool);
      attempts.add(attempt);
      attempt.socket.once("connect", () => {
        attempt.socket.removeAllListeners("error");
        finish(attempt);
      });
      attempt.socket.once("error", (error) => {
        attempts.delete(attempt);
        drop(attempt);
        tryNext(error);
      });
      if (next < addresses.length) stagger = setTimeout(() => tryNext(undefined), ATTEMPT_DELAY_MS);
    };
    tryNext(undefined);
  });
}

function open(address: string, port: number, pool: BufferPool | null): Origin {
  const reader = pool ? new OriginReader(pool) : null;
  const socket = connect({
    host: address,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    // node:http closes a half-closed connection itself; a tunnel carries the half-close on.
    allowHalfOpen: reader !== null,
    autoSelectFamily: false,
    ...(reader ? { onread: reader.onread } : {}),
  });
  socket.pause();
  return { socket, reader };
}

function drop({ socket, reader }: Origin): void {
  socket.removeAllListeners();
  socket.on("error", () => {});
  socket.destroy();
  reader?.release();
}

/** IPv4 first, then by turns: a machine without IPv6 loses no time, one with a broken path at most 250 ms. */
function interleave(addresses: readonly string[]): string[] {
  const v4 = addresses.filter((address) => !address.includes(":"));
  const v6 = addresses.filter((address) => address.includes(":"));
  const mixed: string[] = [];
  for (let i = 0; i < Math.max(v4.length, v6.length); i++)
    mixed.push(...v4.slice(i, i + 1), ...v6.slice(i, i + 1));
  return mixed.slice(0, MAX_ADDRESSES);
}
