import { setTimeout as sleep } from "node:timers/promises";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { UserStatus } from "#lib/schemas/user.ts";
import type { Clock } from "#server/clock.ts";
import { limitRepeats } from "#server/log-files/limit-repeats.ts";
import type { Logger } from "#server/logger.ts";
import type { Account } from "../usage/account.ts";
import type { Accounts } from "../usage/accounts.ts";
import type { ProxyDoor } from "../usage/door.ts";
import type { GuessThrottle } from "./guess-throttle.ts";
import type { Replica } from "./replica.ts";
import type { UnknownNames } from "./unknown-names.ts";

/** Longer than the panel takes to say that it does not know a name: how long it took does not tell who exists. */
const WRONG_AFTER_MS = 250;
const REFRESH_EVERY_MS = 1_000;
const REFRESH_WAIT_MS = 500;

export type Credentials = { name: string; password: string };
export type Admitted = { kind: "admitted"; user: ReplicaUser; account: Account };
export type Refused =
  | { kind: "wrong-password" }
  | { kind: "throttled"; retryAfterSeconds: number }
  | { kind: "inactive"; status: Exclude<UserStatus, "active"> }
  | { kind: "unavailable" };

type AdmissionOptions = {
  replica: Replica;
  accounts: Accounts;
  unknownNames: UnknownNames;
  throttle: GuessThrottle;
  /** Pulls the change feed. */
  refresh: () => Promise<boolean>;
  clock: Clock;
  logger: Logger;
  onRefused: (door: ProxyDoor, refused: Refused) => void;
};

/** Who may use a proxy door now. The one place that checks proxy passwords. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #throttle: GuessThrottle;
  readonly #repeats: ReturnType<typeof limitRepeats>;
  #refreshedAt = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#throttle = options.throttle;
    this.#repeats = limitRepeats(options.logger);
  }

  /** The common case in one turn: a known name, the right password, an active user. null = ask `admit`. */
  admitNow({ name, password }: Credentials, ip: string): Admitted | null {
    const { replica, accounts } = this.#options;
    const user = replica.isUsable ? replica.findByName(name) : null;
    if (!user) return null;
    const guess = this.#throttle.guessOf(ip, name);
    if (!this.#throttle.isClear(guess) || !replica.isPasswordRight(user, password)) return null;
    if (replica.statusOf(user, accounts.find(user.id)?.unackedBytes ?? 0) !== "active") return null;
    this.#throttle.succeeded(guess);
    return { kind: "admitted", user, account: accounts.get(user.id) };
  }

  async admit({ name, password }: Credentials, ip: string, door: ProxyDoor): Promise<Admitted | Refused> {
    const startedAt = performance.now();
    const result = await this.#decide(name, password, ip);
    if (result.kind === "admitted") return result;
    if (result.kind === "wrong-password" || result.kind === "throttled")
      await sleep(Math.max(0, startedAt + WRONG_AFTER_MS - performance.now()));
    const { onRefused, replica, accounts } = this.#options;
    onRefused(door, result);
    const user = replica.findByName(name);
    if (user) accounts.get(user.id).refused(door, result.kind === "inactive" ? result.status : result.kind);
    if (result.kind === "wrong-password") {
      // What is nobody's name may be a password in the wrong place.
      const known = user ? name : "…";
      this.#repeats.log("warn", door, { name: known, ip, door }, "wrong proxy password or unknown name");
    }
    return result;
  }

  async #decide(name: string, password: string, ip: string): Promise<Admitted | Refused> {
    const { replica, accounts } = this.#options;
    if (!replica.isUsable) return { kind: "unavailable" };
    const throttle = this.#throttle;
    const guess = throttle.guessOf(ip, name);
    const known = replica.findByName(name);
    const isRight = replica.isPasswordRight(known, password);
    if (throttle.mustPay(guess, isRight)) {
      const refused = await throttle.pay(guess, known?.id ?? null, isRight);
      if (refused) return { kind: "throttled", ...refused };
    } else if (!isRight) throttle.failed(guess, false);
    const user = await this.#authenticate(name, password);
    if (!user) {
      throttle.failed(guess, true);
      return { kind: "wrong-password" };
    }
    throttle.succeeded(guess);
    const status = replica.statusOf(user, accounts.find(user.id)?.unackedBytes ?? 0);
    return status === "active"
      ? { kind: "admitted", user, account: accounts.get(user.id) }
      : { kind: "inactive", status };
  }

  async #authenticate(name: string, password: string): Promise<ReplicaUser | null> {
    const { replica, unknownNames } = this.#options;
    const known = replica.findByName(name);
    if (known && replica.isPasswordRight(known, password)) return known;
    if (known) {
      // Rotated a moment ago? The feed is asked before anyone is turned away, once a second at most.
      await this.#refresh();
    } else {
      const found = await unknownNames.find(name);
      if (found && !replica.findById(found.id)) replica.put(found.id, found);
    }
    const current = replica.findByName(name);
    return replica.isPasswordRight(current, password) ? current : null;
  }

  async #refresh(): Promise<void> {
    const { clock, refresh } = this.#options;
    if (clock.now() - this.#refreshedAt < REFRESH_EVERY_MS) return;
    this.#refreshedAt = clock.now();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, REFRESH_WAIT_MS);
    });
    await Promise.race([refresh(), timeout]);
    clearTimeout(timer);
  }
}
