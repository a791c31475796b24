import type { Status } from "#lib/schemas/status.ts";
import type { Context } from "#server/context.ts";
import { listNodes } from "#server/nodes/list-nodes.ts";
import { getUsageToday } from "#server/usage/get-usage-today.ts";
import { countUsers } from "#server/users/count-users.ts";
import { type ProgramStatus, readProgramStatuses } from "./program-status.ts";
import { readAlerts } from "./read-alerts.ts";
import type { WebRuntime } from "./web-runtime.ts";

type Nodes = Awaited<ReturnType<typeof listNodes>>;

/** The overview in one answer. */
export async function readStatus(ctx: Context, runtime: WebRuntime): Promise<Status> {
  const [programs, { alerts, isAway }, users, today, allNodes] = await Promise.all([
    readProgramStatuses(runtime),
    readAlerts(runtime),
    countUsers(),
    getUsageToday(),
    listNodes({ ctx }),
  ]);
  // Who has not joined yet is no failure.
  const nodes = allNodes.filter(({ enrolment }) => enrolment?.isPending !== true);
  return {
    version: runtime.version,
    at: new Date(runtime.clock.now()).toISOString(),
    programs: [...programs, ...xrayStatus(nodes, programs)],
    users,
    today,
    alerts,
    notices: [
      ...(isAway ? [NOBODY_WATCHES] : []),
      ...(runtime.env.LOG_DESTINATIONS === "1" ? [KEEPS_DESTINATIONS] : []),
      ...notices(nodes),
    ],
  };
}

const NOBODY_WATCHES =
  "Prometheus does not answer: nobody watches for alerts now, and charts have a gap. Everything else goes on.";

const KEEPS_DESTINATIONS =
  "What people visit through the VPN and the proxies is written to the logs (LOG_DESTINATIONS=1). Start without it when it is no longer needed.";

/** Xray has no health check of its own: its node agent knows. */
function xrayStatus(nodes: Nodes, programs: ProgramStatus[]): ProgramStatus[] {
  if (nodes.length === 0 || programs.some((program) => program.name === "xray")) return [];
  const down = nodes.filter((node) => !node.isUp || !node.isXrayUp).map((node) => node.name);
  const detail = down.length === 0 ? null : `Not running, or not seen, on: ${down.join(", ")}.`;
  return [{ name: "xray", isUp: down.length === 0, detail }];
}

function notices(nodes: Nodes): string[] {
  return nodes.flatMap((node) => {
    if (!node.isUp)
      return [`Node ${node.name} is not in reach: changes wait for it. ${node.lastError ?? ""}`.trim()];
    return node.canCutLive
      ? []
      : [
          `Node ${node.name} cannot cut live VPN connections (it lacks CAP_NET_ADMIN): who is switched off stays connected until the connection closes by itself.`,
        ];
  });
}
