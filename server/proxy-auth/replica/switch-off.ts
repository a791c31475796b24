import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import type { Pacer } from "../limits/pacer.ts";
import type { Deadline, Deadlines } from "../net/deadlines.ts";
import type { Account, CutReason } from "../usage/account.ts";
import type { Accounts } from "../usage/accounts.ts";
import type { Replica, UserChange } from "./replica.ts";

/** Ends what a user has open the moment they may no longer have it, and nobody else's. */
export class SwitchOff {
  readonly #deadlines: Deadlines;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  readonly #logger: Logger;
  readonly #expiries = new Map<string, Deadline>();
  readonly #onCut: (reason: CutReason, count: number) => void;

  constructor(options: {
    deadlines: Deadlines;
    clock: Clock;
    pacer: Pacer;
    logger: Logger;
    onCut: (reason: CutReason, count: number) => void;
  }) {
    this.#deadlines = options.deadlines;
    this.#clock = options.clock;
    this.#pacer = options.pacer;
    this.#logger = options.logger;
    this.#onCut = options.onCut;
  }

  onChange({ before, after }: UserChange, accounts: Accounts): void {
    const account = accounts.find(after?.id ?? before?.id ?? "");
    if (!account) return;
    if (after === null) this.#cut(account, "deleted");
    else if (after.status !== "active") this.#cut(account, "switched-off");
    else if (before && before.proxyHash !== after.proxyHash) this.#cut(account, "rotated");
    if (after)
      this.apply(account, {
        limitBytes: after.limitBytes,
        usedBytes: after.usedBytes,
        expiresAt: after.expiresAt,
        limits: after.limits,
      });
  }

  /** Sets an account's limit and expiry. */
  apply(
    account: Account,
    user: Pick<ReplicaUser, "limitBytes" | "usedBytes" | "expiresAt" | "limits">,
  ): void {
    account.maxTunnels = user.limits?.maxTunnels ?? null;
    const bits = user.limits?.rateBitsPerSecond ?? null;
    account.setSpeed(bits === null ? null : bits / 8, this.#pacer);
    account.setAllowance(
      user.limitBytes === null ? Number.POSITIVE_INFINITY : user.limitBytes - user.usedBytes,
    );
    this.#deadlines.cancel(this.#expiries.get(account.userId) ?? null);
    this.#expiries.delete(account.userId);
    if (user.expiresAt === null) return;
    const expire = () => {
      this.#expiries.delete(account.userId);
      this.#cut(account, "expired");
    };
    if (user.expiresAt <= this.#clock.now()) expire();
    else this.#expiries.set(account.userId, this.#deadlines.add(user.expiresAt, expire));
  }

  /** The allowance of an account is used up: what it has open ends with this call's turn. */
  onLimit(account: Account): void {
    if (account.open.size > 0) this.#report(account, "limit", account.open.size);
  }

  /** For an account that has just come into being. */
  onNewAccount(account: Account, replica: Replica): void {
    const user = replica.findById(account.userId);
    if (user) this.apply(account, user);
  }

  #cut(account: Account, reason: CutReason): void {
    const count = account.cutAll(reason);
    if (count > 0) this.#report(account, reason, count);
  }

  #report(account: Account, reason: CutReason, count: number): void {
    this.#onCut(reason, count);
    this.#logger.info({ userId: account.userId, reason, count }, "ended a user's connections");
  }
}
