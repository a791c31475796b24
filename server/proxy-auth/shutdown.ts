import type { Server } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#server/clock.ts";
import type { ForwardAuth } from "./forward-auth/create-forward-auth.ts";
import type { HttpProxy } from "./http/proxy-server.ts";
import { quietTurn } from "./quiet-turn.ts";
import type { Accounts } from "./usage/accounts.ts";
import type { UsageReporter } from "./usage/usage-reporter.ts";

const LOOK_MS = 250;
const REPORT_ON_STOP_MS = 1_200;
const ANSWER_ON_STOP_MS = 1_000;
/** How long Traefik goes on sending to a listener that has just closed its health check. */
const UNNOTICED_MS = 2_000;
const TURNS_TO_END = 10;

export type Leaving = { isLeaving: boolean };

export type Shutdown = {
  /** Takes nothing new and waits until what is open has ended, at most this long. */
  drain: (timeoutMs: number) => Promise<void>;
  stop: () => Promise<void>;
};

type Options = {
  /** What the health checks tell. */
  leaving: Leaving;
  clock: Clock;
  accounts: Accounts;
  reporter: UsageReporter;
  httpProxy: HttpProxy;
  socksProxy: Server;
  forwardAuth: ForwardAuth;
  /** Everything that goes on by itself. */
  stopWork: () => void;
  /** When nobody needs them any more: connections to others, files. */
  closeStores: () => Promise<void>;
};

/** How the program ends: listeners first, then what is open, and its bytes into the last report. */
export function createShutdown(options: Options): Shutdown {
  const { leaving, clock, accounts, reporter, httpProxy, socksProxy } = options;
  const { server: forwardAuth, secure } = options.forwardAuth;
  const isOpen = () => [...accounts.all()].some(({ open }) => open.size > 0);

  const drain = async (timeoutMs: number) => {
    const deadline = clock.now() + timeoutMs;
    // Traefik's health checks of both doors ask it. ForwardAuth goes on: its callers know a name, not who leaves.
    leaving.isLeaving = true;
    secure?.leave();
    await sleep(UNNOTICED_MS);
    httpProxy.server.close();
    httpProxy.endWaiting();
    socksProxy.close();
    while (isOpen() && clock.now() < deadline) await sleep(LOOK_MS);
  };

  const stop = async () => {
    leaving.isLeaving = true;
    await quietTurn();
    httpProxy.server.close();
    socksProxy.close();
    const answered = new Promise<void>((resolve) => forwardAuth.close(() => resolve()));
    const secureAnswered = secure?.close();
    forwardAuth.closeIdleConnections();
    options.stopWork();
    for (const account of accounts.all()) account.cutAll("shutdown");
    // What ends is told a turn or two later, and belongs to the last report.
    for (let turn = 0; turn < TURNS_TO_END && isOpen(); turn++) await nextTurn();
    // Who connected last has not asked yet.
    await Promise.all([
      reporter.stop(REPORT_ON_STOP_MS),
      Promise.race([
        Promise.all([answered, secureAnswered]),
        sleep(ANSWER_ON_STOP_MS, undefined, { ref: false }),
      ]),
    ]);
    httpProxy.close();
    httpProxy.server.closeAllConnections();
    forwardAuth.closeAllConnections();
    secure?.destroy();
    await options.closeStores();
  };
  return { drain, stop };
}
