import { connect, type Socket } from "node:net";
import type { Account, Cuttable } from "../usage/account.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { DialError, failureOf } from "./failures.ts";
import { OriginReader } from "./origin-reader.ts";
import { BufferPool } from "./read-buffer.ts";
import { enterStage, ignoreFromNowOn, leaveStages, type Stage } from "./stage.ts";
import type { Target } from "./target.ts";
import type { TargetGuard } from "./target-guard.ts";

/** RFC 8305: how long one address may be alone before the next is tried beside it. */
const ATTEMPT_DELAY_MS = 250;
const MAX_ADDRESSES = 8;

/** A connected origin, paused: nothing is read before a tunnel stands. `reader` null = an ordinary stream. */
export type Origin = { socket: Socket; reader: OriginReader | null };
export type DialOptions = {
  target: Target;
  /** true: for a tunnel, read into shared buffers. false: for node:http. */
  isRaw: boolean;
  /** Whose rules hold. */
  userId: string;
  /** Whose dial it is: switched off meanwhile, it is given up and `onCut` called. */
  account: Account | null;
  onCut?: () => void;
  /** Called once, possibly at once; never after `cancel`. */
  onDone: (result: { origin: Origin; error: null } | { origin: null; error: DialError }) => void;
};
/** Under way; `cancel` gives it up without a word. */
export type Dialling = { cancel(): void };
export type Dial = (options: DialOptions) => Dialling;

export function createDial(parts: { guard: TargetGuard; deadlines: Deadlines }): Dial {
  const pool = new BufferPool();
  return (options) => {
    const attempt = new Attempt(options, parts.deadlines, options.isRaw ? pool : null);
    attempt.start(parts.guard);
    return attempt;
  };
}

/** The first address that answers wins; the next is tried when one fails or is slow. */
class Attempt implements Dialling, Cuttable, Stage {
  readonly #options: DialOptions;
  readonly #deadlines: Deadlines;
  readonly #pool: BufferPool | null;
  readonly #underWay = new Set<Origin>();
  #addresses: readonly string[] = [];
  #next = 0;
  #deadline: Deadline | null = null;
  #stagger: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(options: DialOptions, deadlines: Deadlines, pool: BufferPool | null) {
    this.#options = options;
    this.#deadlines = deadlines;
    this.#pool = pool;
  }

  start(guard: TargetGuard): void {
    const { account, target, userId } = this.#options;
    account?.open.add(this);
    try {
      const addresses = guard(target, userId);
      if (addresses instanceof Promise) {
        addresses.then(
          (found) => this.#begin(found),
          (error: unknown) => this.#fail(error),
        );
      } else this.#begin(addresses);
    } catch (error) {
      this.#fail(error);
    }
  }

  cut(): void {
    this.cancel();
    this.#options.onCut?.();
  }

  cancel(): void {
    this.#finish(null);
  }

  #begin(addresses: readonly string[]): void {
    if (this.#isOver) return;
    this.#addresses = interleave(addresses);
    const { connectMs } = this.#deadlines.timeouts;
    this.#deadline = this.#deadlines.after(connectMs, () => this.#fail(new DialError("timeout")));
    this.#tryNext(undefined);
  }

  #tryNext(cause: unknown): void {
    if (this.#stagger) clearTimeout(this.#stagger);
    this.#stagger = null;
    if (this.#isOver) return;
    const address = this.#addresses[this.#next];
    if (address === undefined) {
      if (this.#underWay.size === 0) this.#fail(new DialError(failureOf(cause), cause));
      return;
    }
    this.#next += 1;
    const candidate = open(address, this.#options.target.port, this.#pool);
    this.#underWay.add(candidate);
    enterStage(candidate.socket, this, false);
    if (this.#next < this.#addresses.length) {
      this.#stagger = setTimeout(() => this.#tryNext(undefined), ATTEMPT_DELAY_MS);
    }
  }

  onConnect(socket: Socket): void {
    const origin = this.#candidateOf(socket);
    if (this.#isOver || !origin) return;
    if (origin.reader === null) leaveStages(socket);
    this.#finish(origin);
    this.#options.onDone({ origin, error: null });
  }

  onError(error: Error, socket: Socket): void {
    const candidate = this.#candidateOf(socket);
    if (!candidate) return;
    this.#underWay.delete(candidate);
    drop(candidate);
    this.#tryNext(error);
  }

  onData(): void {}
  onDrain(): void {}
  onEnd(): void {}
  onClose(): void {}

  #candidateOf(socket: Socket): Origin | undefined {
    for (const candidate of this.#underWay) if (candidate.socket === socket) return candidate;
    return undefined;
  }

  #fail(cause: unknown): void {
    if (this.#isOver) return;
    const error = cause instanceof DialError ? cause : new DialError(failureOf(cause), cause);
    this.#finish(null);
    this.#options.onDone({ origin: null, error });
  }

  #finish(winner: Origin | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.account?.open.delete(this);
    if (this.#stagger) clearTimeout(this.#stagger);
    this.#deadlines.cancel(this.#deadline);
    for (const candidate of this.#underWay) if (candidate !== winner) drop(candidate);
    this.#underWay.clear();
  }
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
  ignoreFromNowOn(socket);
  socket.destroy();
  reader?.release();
}

/** IPv4 first, then by turns: a machine without IPv6 loses no time, one with a broken path at most 250 ms. */
function interleave(addresses: readonly string[]): readonly string[] {
  if (addresses.length < 2) return addresses;
  const v4 = addresses.filter((address) => !address.includes(":"));
  const v6 = addresses.filter((address) => address.includes(":"));
  const mixed: string[] = [];
  for (let i = 0; i < Math.max(v4.length, v6.length); i++)
    mixed.push(...v4.slice(i, i + 1), ...v6.slice(i, i + 1));
  return mixed.slice(0, MAX_ADDRESSES);
}
