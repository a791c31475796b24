import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { addReadings, createRegistry } from "./metrics.ts";
import { addReadiness, createProbe } from "./readiness.ts";

const samples = async (registry: ReturnType<typeof createRegistry>) =>
  (await registry.metrics()).split("\n").filter((line) => line.startsWith("causeway_"));

describe("readings at scrape time", () => {
  it("look once at their source, however many there are", async () => {
    const registry = createRegistry();
    let looks = 0;
    const take = async () => ++looks;
    addReadings(
      registry,
      take,
      ["a", "b", "c"].map((name) => ({
        name: `causeway_${name}`,
        help: "x.",
        kind: "gauge" as const,
        read: (value: number) => value,
      })),
    );
    expect(await samples(registry)).toEqual(
      expect.arrayContaining(["causeway_a 1", "causeway_b 1", "causeway_c 1"]),
    );
    expect(await samples(registry)).toEqual(expect.arrayContaining(["causeway_a 2", "causeway_c 2"]));
  });

  it("cost only their own samples when the source fails, and say so where they can", async () => {
    const registry = createRegistry();
    let isAway = false;
    const take = async () => {
      if (isAway) throw new Error("away");
      return { keys: 7, byKind: [[{ kind: "x" }, 3]] as const };
    };
    addReadings(registry, take, [
      { name: "causeway_source_up", help: "x.", kind: "gauge", read: () => 1, otherwise: 0 },
      { name: "causeway_keys", help: "x.", kind: "gauge", read: ({ keys }) => keys },
      {
        name: "causeway_kinds_total",
        help: "x.",
        kind: "counter",
        labels: ["kind"],
        read: (of) => of.byKind,
      },
    ]);
    expect(await samples(registry)).toEqual(
      expect.arrayContaining(["causeway_source_up 1", "causeway_keys 7", 'causeway_kinds_total{kind="x"} 3']),
    );
    isAway = true;
    const away = (await samples(registry)).filter((line) => !line.startsWith("causeway_build_info"));
    expect(away).toEqual(["causeway_source_up 0"]);
    isAway = false;
    expect(await samples(registry)).toContain('causeway_kinds_total{kind="x"} 3');
  });

  it("tell readiness as a number, and each thing that may be missing", async () => {
    const registry = createRegistry();
    let missing: string[] = [];
    addReadiness(registry, ["postgres", "redis"], () => missing);
    expect(await samples(registry)).toEqual(
      expect.arrayContaining([
        "causeway_ready 1",
        'causeway_missing{what="postgres"} 0',
        'causeway_missing{what="redis"} 0',
      ]),
    );
    missing = ["redis"];
    expect(await samples(registry)).toEqual(
      expect.arrayContaining(["causeway_ready 0", 'causeway_missing{what="redis"} 1']),
    );
  });
});

describe("a probe", () => {
  it("answers in time when nobody else does, and asks once meanwhile", async () => {
    let asked = 0;
    const gate = Promise.withResolvers<void>();
    const probe = createProbe(() => {
      asked += 1;
      return gate.promise;
    }, 30);
    const startedAt = performance.now();
    expect(await Promise.all([probe(), probe(), probe()])).toEqual([false, false, false]);
    expect(await probe()).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(asked).toBe(1);
    gate.resolve();
    await sleep(5);
    expect(await probe()).toBe(true);
    expect(asked).toBe(2);
  });

  it("takes a refusal, also a thrown one, for a no", async () => {
    expect(await createProbe(() => Promise.reject(new Error("no")), 50)()).toBe(false);
    const throwing = createProbe(() => {
      throw new Error("not even started");
    }, 50);
    expect(await throwing()).toBe(false);
  });
});
