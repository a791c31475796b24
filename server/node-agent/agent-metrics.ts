import { statfs } from "node:fs/promises";
import { addCertificates } from "#server/certificate-metrics.ts";
import { addReadings, createRegistry, Histogram, type Reading } from "#server/metrics.ts";
import { addReadiness } from "#server/readiness.ts";
import type { XraySystem } from "#server/xray/client.ts";
import { type Agent, MAY_BE_MISSING } from "./agent.ts";

/** Made before the agent: what it counts while it works. */
export function createAgentMetrics() {
  const registry = createRegistry();
  const applySeconds = new Histogram({
    name: "causeway_node_apply_duration_seconds",
    help: "Time to apply a delta or snapshot, Xray included.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  });
  return { registry, onApplied: (seconds: number) => applySeconds.observe(seconds) };
}

const NODE: readonly Reading<Agent>[] = [
  {
    name: "causeway_node_xray_up",
    help: "1 while Xray runs and answers.",
    kind: "gauge",
    read: ({ isXrayUp }) => (isXrayUp() ? 1 : 0),
  },
  {
    name: "causeway_node_xray_starts_total",
    help: "Starts of Xray by this agent.",
    kind: "counter",
    read: ({ core }) => core.starts,
  },
  {
    name: "causeway_node_users",
    help: "Users the controller wants on this node.",
    kind: "gauge",
    read: ({ store }) => store.state.users.size,
  },
  {
    name: "causeway_node_revision",
    help: "Revision of the change feed that the node holds.",
    kind: "gauge",
    read: ({ store }) => store.state.revision,
  },
  {
    name: "causeway_node_drift_found_total",
    help: "Users in Xray that differed from the wanted ones.",
    kind: "counter",
    read: ({ core }) => core.driftFound,
  },
  {
    name: "causeway_node_drift_healed_total",
    help: "Users in Xray put right.",
    kind: "counter",
    read: ({ core }) => core.driftHealed,
  },
  {
    name: "causeway_node_sockets_cut_total",
    help: "Live VPN connections ended because their user was switched off.",
    kind: "counter",
    read: ({ counters }) => counters.socketsCut,
  },
  {
    name: "causeway_node_clients_rejected_total",
    help: "VPN clients that Xray turned away.",
    kind: "counter",
    read: ({ counters }) => counters.clientsRejected,
  },
  {
    name: "causeway_users_online",
    help: "Users with something open.",
    kind: "gauge",
    labels: ["door"],
    read: ({ table }) => [[{ door: "vpn" }, table.userCount]],
  },
  {
    name: "causeway_connections_open",
    help: "Connections that carry users' traffic now.",
    kind: "gauge",
    labels: ["door"],
    read: ({ table }) => [[{ door: "vpn" }, table.size]],
  },
  {
    name: "causeway_door_bytes_total",
    help: "Bytes that Xray counted for users, up and down.",
    kind: "counter",
    labels: ["door", "direction"],
    read: ({ journal }) => [
      [{ door: "vpn", direction: "up" }, journal.counted.upBytes],
      [{ door: "vpn", direction: "down" }, journal.counted.downBytes],
    ],
  },
  {
    name: "causeway_journal_entries",
    help: "Usage entries not acknowledged.",
    kind: "gauge",
    read: ({ journal }) => journal.entries,
  },
  {
    name: "causeway_journal_bytes",
    help: "Size of the usage journal on disk.",
    kind: "gauge",
    read: ({ journal }) => journal.bytes,
  },
  {
    name: "causeway_journal_oldest_seconds",
    help: "Age of the oldest unacknowledged usage entry; 0 when there is none.",
    kind: "gauge",
    read: ({ journal, now }) => journal.oldestSeconds(now()),
  },
];

const XRAY: readonly Reading<XraySystem>[] = [
  {
    name: "causeway_xray_uptime_seconds",
    help: "Time since Xray started.",
    kind: "gauge",
    read: ({ uptimeSeconds }) => uptimeSeconds,
  },
  {
    name: "causeway_xray_goroutines",
    help: "Goroutines in Xray.",
    kind: "gauge",
    read: ({ goroutines }) => goroutines,
  },
  {
    name: "causeway_xray_memory_bytes",
    help: "Memory that Xray has from the system.",
    kind: "gauge",
    read: ({ memoryBytes }) => memoryBytes,
  },
  {
    name: "causeway_xray_traffic_bytes_total",
    help: "Bytes on an inbound's connections, Reality's own included.",
    kind: "counter",
    labels: ["inbound", "direction"],
    read: ({ traffic }) =>
      traffic.map(({ inbound, direction, bytes }) => [{ inbound, direction }, bytes] as const),
  },
];

type Places = { data: string; logs: string };
type Disk = { path: string; freeBytes: number; sizeBytes: number };

/** Of what is free to programs without root's reserve. */
async function readDisks(places: Places): Promise<Disk[]> {
  const read = async ([path, directory]: [string, string]) => {
    const { bsize, bavail, blocks } = await statfs(directory);
    return { path, freeBytes: bsize * bavail, sizeBytes: bsize * blocks };
  };
  return Promise.all(Object.entries(places).map(read));
}

const DISKS: readonly Reading<Disk[]>[] = [
  {
    name: "causeway_disk_free_bytes",
    help: "Free space where data and logs lie.",
    kind: "gauge",
    labels: ["path"],
    read: (disks) => disks.map(({ path, freeBytes }) => [{ path }, freeBytes] as const),
  },
  {
    name: "causeway_disk_size_bytes",
    help: "Size of the file system where data and logs lie.",
    kind: "gauge",
    labels: ["path"],
    read: (disks) => disks.map(({ path, sizeBytes }) => [{ path }, sizeBytes] as const),
  },
];

/** What is read at scrape time; nothing is labelled with a user. */
export function addAgentMetrics(
  { registry }: ReturnType<typeof createAgentMetrics>,
  agent: Agent,
  options: { places: Places; certificates: Readonly<Record<string, string>> },
): void {
  addReadings(registry, () => agent, NODE);
  addReadings(registry, () => agent.readXraySystem(), XRAY);
  addReadings(registry, () => readDisks(options.places), DISKS);
  addCertificates(registry, options.certificates);
  addReadiness(registry, MAY_BE_MISSING, agent.findMissing);
}
