import { Histogram, type HistogramConfiguration } from "prom-client";
import { addReadings, type Registry } from "#server/metrics.ts";

/** A counter for the hot path: a map and an addition; prom-client sees it at scrape time. */
export class QuickCounter<Label extends string> {
  readonly #labels: readonly Label[];
  readonly #series = new Map<string, { labels: Record<Label, string>; value: number }>();

  constructor(registry: Registry, settings: { name: string; help: string; labels: readonly Label[] }) {
    const { name, help, labels } = settings;
    this.#labels = labels;
    addReadings(registry, () => this.#series, [
      {
        name,
        help,
        kind: "counter",
        labels,
        read: (series) => [...series.values()].map(({ labels: of, value }) => [of, value] as const),
      },
    ]);
  }

  inc(labels: Record<Label, string>, by = 1): void {
    let key = "";
    for (const label of this.#labels) key += `${labels[label]}\n`;
    const known = this.#series.get(key);
    if (known) known.value += by;
    else this.#series.set(key, { labels, value: by });
  }
}

/** The same for durations, without labels: an array of counts, and names only at scrape time. */
export class QuickHistogram extends Histogram {
  /** Knows its name and type; get() of the base class would come back here. */
  readonly #plain: Histogram;
  readonly #bounds: readonly number[];
  /** One more than bounds: what is above them all. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(settings: HistogramConfiguration<string> & { buckets: number[] }) {
    super(settings);
    this.#plain = new Histogram({ ...settings, registers: [] });
    this.#bounds = settings.buckets;
    this.#counts = new Float64Array(settings.buckets.length + 1);
  }

  record(seconds: number): void {
    let at = 0;
    while (at < this.#bounds.length && seconds > (this.#bounds[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  }

  override startTimer(): () => number {
    const startedAt = performance.now();
    return () => {
      const seconds = (performance.now() - startedAt) / 1000;
      this.record(seconds);
      return seconds;
    };
  }

  override async get() {
    const metric = await this.#plain.get();
    let count = 0;
    const buckets = [...this.#counts].map((own, at) => {
      count += own;
      return {
        metricName: `${metric.name}_bucket`,
        labels: { le: this.#bounds[at] ?? "+Inf" },
        value: count,
      };
    });
    const values = [
      ...buckets,
      { metricName: `${metric.name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${metric.name}_count`, labels: {}, value: count },
    ];
    return { ...metric, values };
  }

  /** What the registry asks for when there is one: the base class's would print its own, empty counts. */
  getForPromString() {
    return this.get();
  }
}
