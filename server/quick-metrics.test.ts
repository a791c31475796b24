import { expect, it } from "vitest";
import { createRegistry, Histogram } from "./metrics.ts";
import { QuickCounter, QuickHistogram } from "./quick-metrics.ts";

it("a quick counter shows what was counted, by label", async () => {
  const registry = createRegistry();
  const counter = new QuickCounter(registry, {
    name: "causeway_x_total",
    help: "x.",
    labels: ["door", "result"],
  });
  counter.inc({ door: "http", result: "hit" });
  counter.inc({ result: "hit", door: "http" }, 2);
  counter.inc({ door: "http", result: "miss" }, 0);
  const text = await registry.metrics();
  expect(text).toContain('causeway_x_total{door="http",result="hit"} 3\n');
  expect(text).toContain('causeway_x_total{door="http",result="miss"} 0\n');
  expect(text).toContain("# TYPE causeway_x_total counter\n");
});

it("a quick histogram prints what prom-client's own prints", async () => {
  const buckets = [0.001, 0.01, 0.1];
  const settings = { name: "causeway_y_seconds", help: "y.", buckets };
  const [quick, usual] = [createRegistry(), createRegistry()];
  const ours = new QuickHistogram({ ...settings, registers: [quick] });
  const theirs = new Histogram({ ...settings, registers: [usual] });
  for (const seconds of [0.0005, 0.001, 0.0011, 0.05, 7]) {
    ours.record(seconds);
    theirs.observe(seconds);
  }
  const linesOf = (text: string) => text.split("\n").filter((line) => line.includes("causeway_y"));
  expect(linesOf(await quick.metrics())).toEqual(linesOf(await usual.metrics()));
  ours.startTimer()();
  expect(await quick.metrics()).toContain("causeway_y_seconds_count 6\n");
});
