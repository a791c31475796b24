import { Counter, createRegistry, Gauge, Histogram } from "#server/metrics.ts";

export type ControllerMetrics = ReturnType<typeof createControllerMetrics>;

export function createControllerMetrics() {
  const registry = createRegistry("controller");
  const registers = [registry];
  return {
    registry,
    nodeUp: new Gauge({
      name: "causeway_controller_node_up",
      help: "1 while the node answers",
      labelNames: ["node"],
      registers,
    }),
    nodeRevision: new Gauge({
      name: "causeway_controller_node_revision",
      help: "Revision the node has applied",
      labelNames: ["node"],
      registers,
    }),
    sent: new Counter({
      name: "causeway_controller_sent_total",
      help: "Deltas and snapshots sent to nodes",
      labelNames: ["node", "kind"],
      registers,
    }),
    syncSeconds: new Histogram({
      name: "causeway_controller_sync_seconds",
      help: "One exchange that brought a node to the newest revision",
      labelNames: ["node"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    usageBatches: new Counter({
      name: "causeway_controller_usage_batches_total",
      help: "Usage batches taken from nodes",
      labelNames: ["node"],
      registers,
    }),
    usageBytes: new Counter({
      name: "causeway_controller_usage_bytes_total",
      help: "Bytes in usage batches taken from nodes, repeats included",
      labelNames: ["node"],
      registers,
    }),
    jobs: new Counter({
      name: "causeway_controller_jobs_total",
      help: "Runs of scheduled jobs",
      labelNames: ["job", "result"],
      registers,
    }),
  };
}
