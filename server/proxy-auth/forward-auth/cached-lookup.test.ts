import { expect, it } from "vitest";
import { CachedLookup } from "./cached-lookup.ts";

function makeLookup(answers: Map<string, string>) {
  const clock = { time: 1_000_000, now: () => clock.time };
  const asked: string[] = [];
  const lookup = new CachedLookup<string>({
    clock,
    max: 100,
    maxAgeMs: 5_000,
    maxNegativeAgeMs: 2_000,
    revokedForMs: 120_000,
    idOf: (_value, key) => key,
    fetch: async (key) => {
      asked.push(key);
      if (key.startsWith("unlooked")) return undefined;
      return answers.get(key) ?? null;
    },
  });
  return { lookup, clock, asked, find: (key: string) => lookup.find(key, 1_000, "192.0.2.1") };
}

it("remembers who was right beyond the answer's age, until one is no", async () => {
  const answers = new Map([["a", "ada"]]);
  const { lookup, clock, find, asked } = makeLookup(answers);
  expect(lookup.wasRight("a")).toBe(false);
  expect(await find("a")).toBe("ada");
  clock.time += 60_000;
  expect(lookup.peek("a")).toBeUndefined();
  expect(lookup.wasRight("a")).toBe(true);
  answers.delete("a");
  expect(await find("a")).toBeNull();
  expect(lookup.wasRight("a")).toBe(false);
  expect(asked).toEqual(["a", "a"]);
});

it("takes a revoked one for no friend", async () => {
  const { lookup, find } = makeLookup(new Map([["a", "ada"]]));
  await find("a");
  lookup.revoke("a");
  expect(lookup.wasRight("a")).toBe(false);
  expect(await find("a")).toBeNull();
});

it("keeps who was right, however many are not", async () => {
  const { lookup, find } = makeLookup(new Map([["a", "ada"]]));
  await find("a");
  for (let i = 0; i < 500; i++) await find(`made-up-${i}`);
  expect(lookup.peek("a")).toBe("ada");
});

it("does not remember what nobody looked for", async () => {
  const { lookup, find, asked } = makeLookup(new Map());
  expect(await find("unlooked")).toBeNull();
  expect(await find("unlooked")).toBeNull();
  expect(asked).toHaveLength(2);
  expect(lookup.peek("unlooked")).toBeUndefined();
});

it("repeats nothing from before it forgot, not even what was on its way", async () => {
  const { lookup, find, asked } = makeLookup(new Map([["a", "ada"]]));
  const underWay = find("a");
  lookup.forget();
  await underWay;
  expect(lookup.peek("a")).toBeUndefined();
  expect(await find("a")).toBe("ada");
  expect(asked).toHaveLength(2);
});
