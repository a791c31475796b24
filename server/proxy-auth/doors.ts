import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { Clock } from "#server/clock.ts";
import type { Logger } from "#server/logger.ts";
import type { DoorsMetrics } from "./doors-metrics.ts";
import type { TunnelLimits } from "./limits/tunnel-limits.ts";
import type { AddressList } from "./net/address-list.ts";
import type { Deadlines } from "./net/deadlines.ts";
import type { Dial } from "./net/dial.ts";
import type { TargetGuard } from "./net/target-guard.ts";
import type { Admission } from "./replica/admission.ts";
import type { UdpSettings } from "./socks/udp-ports.ts";
import type { Accounts } from "./usage/accounts.ts";
import type { VisitLog } from "./visit-log.ts";

/** What both proxies stand on. */
export type Doors = {
  admission: Admission;
  accounts: Accounts;
  dial: Dial;
  deadlines: Deadlines;
  clock: Clock;
  logger: Logger;
  metrics: DoorsMetrics;
  /** Who may say who a client is; null: clients come straight to us, without a PROXY header. */
  isTrusted: AddressList | null;
  visited: VisitLog;
  limits: TunnelLimits;
  guard: TargetGuard;
  /** Another text whenever the destinations open to this user may be others. */
  rulesOf: (user: ReplicaUser) => string;
  /** null: no UDP. */
  udp: UdpSettings | null;
};
