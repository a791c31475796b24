import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import packageJson from "../package.json" with { type: "json" };

export { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** One registry a program, with the process's own metrics. Labels stay bounded: never a user. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges that call themselves counters: the same by type stay.
  for (const what of ["handles", "requests", "resources"])
    registry.removeSingleMetric(`nodejs_active_${what}_total`);
  new Gauge({
    name: "causeway_build_info",
    help: "1; the version is the label.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version: packageJson.version }, 1);
  return registry;
}

type Samples = number | null | readonly (readonly [labels: Record<string, string>, value: number])[];
export type Reading<T> = {
  name: string;
  help: string;
  /** counter: counted elsewhere, and only growing there. */
  kind: "gauge" | "counter";
  labels?: readonly string[];
  /** One number, labelled ones, or null = not known now. */
  read: (taken: T) => Samples;
  /** What to say when nothing could be taken; without it there is no sample then. */
  otherwise?: number;
};

/** Metrics read at scrape time from one look at their source; a source that fails costs only their samples. */
export function addReadings<T>(
  registry: Registry,
  take: () => Promise<T> | T,
  readings: readonly Reading<T>[],
): void {
  let underWay: Promise<T | null> | null = null;
  const takeOnce = () => {
    underWay ??= (async () => take())()
      .catch(() => null)
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };
  for (const { name, help, kind, labels, read, otherwise } of readings) {
    const settings = { name, help, labelNames: [...(labels ?? [])], registers: [registry] };
    const samplesOf = async (): Promise<Samples> => {
      const taken = await takeOnce();
      return (taken === null ? undefined : read(taken)) ?? otherwise ?? null;
    };
    if (kind === "gauge") {
      new Gauge({
        ...settings,
        async collect() {
          const samples = await samplesOf();
          // reset() would leave a zero behind.
          if (labels) this.reset();
          else this.remove();
          if (typeof samples === "number") this.set(samples);
          else for (const [of, value] of samples ?? []) this.set(of, value);
        },
      });
    } else {
      new Counter({
        ...settings,
        async collect() {
          const samples = await samplesOf();
          if (labels) this.reset();
          else this.remove();
          if (typeof samples === "number") this.inc(samples);
          else for (const [of, value] of samples ?? []) this.inc(of, value);
        },
      });
    }
  }
}
