import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { answerInTime } from "./answer-in-time.ts";

const never = new Promise<never>(() => {});

it("work that is merely slow gets its time while Postgres lives", async () => {
  let asked = 0;
  const isUp = async () => {
    asked += 1;
    return true;
  };
  expect(await answerInTime(sleep(60, "done"), isUp, 10)).toBe("done");
  expect(asked).toBeGreaterThan(1);
});

it("work that waits for a silent Postgres is answered in words, and nobody asks on", async () => {
  let asked = 0;
  const isUp = async () => {
    asked += 1;
    return false;
  };
  await expect(answerInTime(never, isUp, 10)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("PostgreSQL does not answer"),
  });
  const before = asked;
  await sleep(40);
  expect(asked).toBe(before);
});

it("an answer or a failure of the work itself comes as it is", async () => {
  const isUp = async () => false;
  expect(await answerInTime(Promise.resolve(7), isUp, 10)).toBe(7);
  await expect(answerInTime(Promise.reject(new Error("own")), isUp, 10)).rejects.toThrow("own");
});
