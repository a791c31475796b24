import { Counter, createRegistry, Gauge, Histogram } from "#server/metrics.ts";

export type ControllerMetrics = ReturnType<typeof createControllerMetrics>;

/** What the controller counts while it works; what is read at scrape time is beside it in `*-metrics.ts`. */
export function createControllerMetrics() {
  const registry = createRegistry();
  const registers = [registry];
  const effectSeconds = new Histogram({
    name: "causeway_change_effect_seconds",
    help: "From a change's row to its effect on a door.",
    labelNames: ["door"],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  effectSeconds.zero({ door: "vpn" });
  return {
    registry,
    effectSeconds,
    /** Applied revision by the node's name. */
    revisionByNode: new Map<string, number>(),
    nodeUp: new Gauge({
      name: "causeway_node_up",
      help: "1 while the node's agent answers.",
      labelNames: ["node"],
      registers,
    }),
    nodeXrayUp: new Gauge({
      name: "causeway_node_xray_up",
      help: "1 while Xray runs on the node.",
      labelNames: ["node"],
      registers,
    }),
    sent: new Counter({
      name: "causeway_controller_sent_total",
      help: "Deltas and snapshots sent to nodes.",
      labelNames: ["node", "kind"],
      registers,
    }),
    syncSeconds: new Histogram({
      name: "causeway_controller_sync_duration_seconds",
      help: "One exchange that brought a node to the newest revision.",
      labelNames: ["node"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    usageBatches: new Counter({
      name: "causeway_controller_usage_batches_total",
      help: "Usage batches taken from nodes.",
      labelNames: ["node"],
      registers,
    }),
    usageBytes: new Counter({
      name: "causeway_controller_usage_bytes_total",
      help: "Bytes in usage batches taken from nodes, repeats included.",
      labelNames: ["node"],
      registers,
    }),
    jobs: new Counter({
      name: "causeway_controller_jobs_total",
      help: "Runs of scheduled jobs.",
      labelNames: ["name", "result"],
      registers,
    }),
  };
}
