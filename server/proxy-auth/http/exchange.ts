import type { Socket } from "node:net";
import type { Clock } from "#server/clock.ts";
import { connectionId } from "../net/connection-id.ts";
import { formatTarget, type Target } from "../net/target.ts";
import type { Timeouts } from "../net/timeouts.ts";
import type { Account, Cuttable, OpenConnection } from "../usage/account.ts";
import type { Accounts, Sampler } from "../usage/accounts.ts";

let nextId = 1;

/**
 * Meters one absolute-form request by what its origin's socket has written and read meanwhile: heads, bodies and
 * framing as they stand on the wire. node:http parses inside the socket's handle, so the counters are read on a
 * timer and at the end; a kept-alive socket carries one exchange at a time.
 */
export class Exchange implements Cuttable, Sampler {
  readonly door = "http";
  readonly #account: Account;
  readonly #accounts: Accounts;
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #isHandshake: boolean;
  readonly #onCut: (reason: "cut" | "idle") => void;
  readonly #info: { id: number; ip: string; target: Target; since: number };
  #upBytes = 0;
  #downBytes = 0;
  #socket: Socket | null = null;
  #written = 0;
  #read = 0;
  #lastActive: number;
  #isOver = false;

  constructor(options: {
    account: Account;
    accounts: Accounts;
    clock: Clock;
    timeouts: Timeouts;
    onCut: (reason: "cut" | "idle") => void;
    ip: string;
    target: Target;
    /** What comes of it is a tunnel, and counted as that. */
    isHandshake?: boolean;
  }) {
    this.#isHandshake = options.isHandshake ?? false;
    this.#account = options.account;
    this.#accounts = options.accounts;
    this.#clock = options.clock;
    this.#timeouts = options.timeouts;
    this.#onCut = options.onCut;
    this.#lastActive = this.#clock.now();
    const { ip, target } = options;
    this.#info = { id: nextId++, ip, target, since: this.#lastActive };
    this.#account.open.add(this);
    if (!this.#isHandshake) this.#account.opened(this.door, ip, this.#lastActive);
    this.#accounts.watch(this);
  }

  /** From here on the socket's bytes are this exchange's. */
  begin(socket: Socket): void {
    this.#socket = socket;
    this.#written = socket.bytesWritten;
    this.#read = socket.bytesRead;
  }

  describe(): OpenConnection {
    const { id, ip, target, since } = this.#info;
    const { door } = this;
    const counted = { upBytes: this.#upBytes, downBytes: this.#downBytes };
    return { id: connectionId(`request-${id}`), door, ip, target: formatTarget(target), since, ...counted };
  }

  sample(): void {
    if (!this.#socket) return;
    const up = this.#socket.bytesWritten - this.#written;
    const down = this.#socket.bytesRead - this.#read;
    if (up !== 0 || down > 0) {
      this.#lastActive = this.#clock.now();
      this.#written += up;
      this.#read += down;
      this.#upBytes += up;
      this.#downBytes += down;
      if (up !== 0) this.#account.countUp("http", up);
      if (down > 0) this.#account.countDown("http", down);
    } else if (!this.#isOver && this.#clock.now() - this.#lastActive > this.#timeouts.requestIdleMs) {
      this.#onCut("idle");
    }
    const { lifetimeMs } = this.#timeouts;
    if (!this.#isOver && lifetimeMs !== null && this.#clock.now() - this.#info.since > lifetimeMs) this.cut();
  }

  cut(): void {
    this.#onCut("cut");
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#account.open.delete(this);
    if (!this.#isHandshake) this.#account.ended(this.door, this.#clock.now() - this.#info.since);
    this.#accounts.unwatch(this);
    this.sample();
    this.#socket = null;
  }
}
