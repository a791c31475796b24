import { createRegistry, Gauge, type Registry } from "#server/metrics.ts";
import type { Agent } from "./agent.ts";

/** Read at scrape time; nothing is labelled with a user. */
export function createAgentMetrics(agent: Agent): Registry {
  const registry = createRegistry("node-agent");
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `causeway_node_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("xray_up", "1 while Xray runs", () => (agent.getState().xray.isUp ? 1 : 0));
  gauge("xray_starts_total", "Starts of Xray by this agent", () => agent.core.starts);
  gauge("users", "Users the controller wants on this node", () => agent.getState().users);
  gauge("revision", "Applied revision", () => agent.getState().revision);
  gauge("drift_healed_total", "Users in Xray put right", () => agent.core.driftHealed);
  gauge("journal_batches", "Usage not acknowledged by the controller", () => agent.getState().journalLength);
  gauge("connections", "Live VPN connections", () => agent.table.size);
  gauge("sockets_cut_total", "Live connections ended", () => agent.counters.socketsCut);
  gauge("clients_rejected_total", "Clients with an unknown VLESS id", () => agent.counters.clientsRejected);
  return registry;
}
