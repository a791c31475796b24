import { expect, it } from "vitest";
import { UnseenSessions } from "./unseen-sessions.ts";

const clock = { time: 1_000_000, now: () => clock.time };
const signal = new AbortController().signal;

function makeBudget() {
  const asked: string[] = [];
  const unseen = new UnseenSessions({ clock });
  const look = (from: string, answer: string | null | Error) =>
    unseen.look(from, signal, async () => {
      asked.push(from);
      await new Promise((resolve) => setImmediate(resolve));
      if (answer instanceof Error) throw answer;
      return answer;
    });
  return { look, asked };
}
const all = <T>(count: number, make: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => make(i)));

it("looks at 50 made-up cookies of a network, in a row and all at once, and at one a second after that", async () => {
  for (const isAtOnce of [true, false]) {
    const { look, asked } = makeBudget();
    if (isAtOnce) await all(500, () => look("192.0.2.1", null));
    else for (let i = 0; i < 500; i++) await look("192.0.2.1", null);
    expect(asked).toHaveLength(50);
    expect(await look("192.0.2.1", "ada")).toBeUndefined();
    expect(await look("192.0.2.2", "ada")).toBe("ada");
    clock.time += 1_000;
    expect(await look("192.0.2.1", "ada")).toBe("ada");
  }
});

it("takes an IPv6 /64 for one network", async () => {
  const { look, asked } = makeBudget();
  await all(100, (i) => look(`2001:db8::${i.toString(16)}`, null));
  expect(asked).toHaveLength(50);
});

it("lets any number of sessions in that are some, also all at once from one address", async () => {
  const { look } = makeBudget();
  const found = await all(1_000, () => look("192.0.2.1", "ada"));
  expect(found.every((value) => value === "ada")).toBe(true);
});

it("bounds what comes from many networks together", async () => {
  const { look, asked } = makeBudget();
  await all(3_000, (i) => look(`198.51.${i >> 8}.${i & 255}`, null));
  expect(asked).toHaveLength(500);
});

it("does not count what could not be asked", async () => {
  const { look } = makeBudget();
  await all(200, () => look("192.0.2.1", new Error("away")).catch(() => null));
  expect(await look("192.0.2.1", "ada")).toBe("ada");
});
