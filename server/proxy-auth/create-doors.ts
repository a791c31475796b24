import type { Clock } from "#server/clock.ts";
import type { ProgramEnv } from "#server/env.ts";
import type { Logger } from "#server/logger.ts";
import type { Doors } from "./doors.ts";
import type { DoorsMetrics } from "./doors-metrics.ts";
import type { Ledger } from "./limits/ledger.ts";
import type { TunnelLimits } from "./limits/tunnel-limits.ts";
import type { AddressList } from "./net/address-list.ts";
import type { Deadlines } from "./net/deadlines.ts";
import { createDial } from "./net/dial.ts";
import { createResolver } from "./net/resolver.ts";
import { createTargetGuard } from "./net/target-guard.ts";
import { Admission } from "./replica/admission.ts";
import { GuessThrottle } from "./replica/guess-throttle.ts";
import type { InternalApi } from "./replica/internal-api.ts";
import { KnownNetworks } from "./replica/known-networks.ts";
import type { Replica } from "./replica/replica.ts";
import { UnknownNames } from "./replica/unknown-names.ts";
import { parsePortRange, portsOf } from "./socks/udp-ports.ts";
import type { Accounts } from "./usage/accounts.ts";
import { createVisitLog } from "./visit-log.ts";

type Options = {
  env: ProgramEnv<"proxy-auth">;
  api: InternalApi;
  clock: Clock;
  logger: Logger;
  metrics: DoorsMetrics;
  replica: Replica;
  accounts: Accounts;
  deadlines: Deadlines;
  limits: TunnelLimits;
  ledger: Ledger;
  /** Pulls the change feed. */
  refresh: () => Promise<boolean>;
  isTrusted: AddressList | null;
  dnsServers?: string[];
};

/** What both proxies stand on: who may come in, where they may go, and how to get there. */
export function createDoors(options: Options): { doors: Doors; throttle: GuessThrottle } {
  const { env, api, clock, logger, metrics, replica, accounts, deadlines, limits, ledger } = options;
  const { refresh, isTrusted, dnsServers } = options;
  const udpRange = parsePortRange(env.SOCKS_UDP_PORTS);
  const resolve = createResolver({
    clock,
    onLookup: metrics.countLookups("dns"),
    ...(dnsServers ? { servers: dnsServers } : {}),
  });
  const guard = createTargetGuard({
    resolve,
    clock,
    allowedPrivateTargets: env.ALLOWED_PRIVATE_TARGETS,
    ownPorts: [...env.OWN_PORTS, ...portsOf(udpRange)],
    destinationsOf: (userId) => {
      const user = replica.findById(userId);
      return user && replica.rules.destinationsOf(user);
    },
  });
  const throttle = new GuessThrottle({
    clock,
    ledger,
    processes: () => limits.processes,
    known: new KnownNetworks({ api, clock }),
  });
  const admission = new Admission({
    throttle,
    replica,
    accounts,
    unknownNames: new UnknownNames({ api, clock, onLookup: metrics.countLookups("unknown_name") }),
    refresh,
    clock,
    logger,
    onRefused: (door, refused) => metrics.countRefusal(door, refused),
  });
  const doors: Doors = {
    admission,
    accounts,
    dial: createDial({ guard, deadlines }),
    deadlines,
    clock,
    logger,
    metrics,
    isTrusted,
    visited: createVisitLog(logger, env.LOG_DESTINATIONS === "1"),
    limits,
    guard,
    rulesOf: ({ groups }) => `${replica.rules.version} ${groups.join()}`,
    udp: udpRange && {
      ...udpRange,
      host: env.SOCKS_UDP_HOST,
      address: env.SOCKS_UDP_ADDRESS,
    },
  };
  return { doors, throttle };
}
