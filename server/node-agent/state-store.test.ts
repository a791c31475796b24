import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Delta } from "#lib/schemas/agent.ts";
import { StateStore } from "./state-store.ts";
import { makeUser, usersById } from "./testing/make-user.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "state-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const delta = (from: number, change: Partial<Delta>): Delta => ({
  from,
  to: from + 1,
  inbounds: null,
  upsert: [],
  remove: [],
  ...change,
});

test("snapshot, deltas and totals are all there after a crash", () => {
  const [alice, bob, carol] = [makeUser(), makeUser(), makeUser()];
  const store = new StateStore(directory);
  store.replace({ revision: 10, inbounds: [], users: usersById(alice, bob) });
  store.apply(delta(10, { upsert: [carol], remove: [bob.id] }));
  store.setUsed([{ userId: alice.id, usedBytes: 77 }]);
  const again = new StateStore(directory);
  expect(again.state.revision).toBe(11);
  expect([...again.state.users.keys()].sort()).toEqual([alice.id, carol.id].sort());
  expect(again.state.users.get(alice.id)?.usedBytes).toBe(77);
});

test("a torn delta is as if it never came", () => {
  const store = new StateStore(directory);
  store.apply(delta(0, { upsert: [makeUser()] }));
  const log = readdirSync(directory).find((name) => name.startsWith("deltas-")) ?? "";
  appendFileSync(join(directory, log), '{"from":1,"to":2,"ups');
  const again = new StateStore(directory);
  expect(again.state.revision).toBe(1);
  again.apply(delta(1, { upsert: [makeUser()] }));
  expect(new StateStore(directory).state.users.size).toBe(2);
});

test("a new snapshot leaves no old log behind", () => {
  const store = new StateStore(directory);
  store.apply(delta(0, { upsert: [makeUser()] }));
  store.replace({ revision: 5, inbounds: [], users: new Map() });
  expect(readdirSync(directory).sort()).toEqual(["deltas-1.ndjson", "snapshot.ndjson"]);
  expect(new StateStore(directory).state).toMatchObject({ revision: 5, users: new Map() });
});

test("when the disk takes no more, changes hold in memory, and are written as soon as it does", () => {
  const [alice, bob] = [makeUser(), makeUser()];
  const store = new StateStore(directory);
  store.replace({ revision: 10, inbounds: [], users: usersById(alice, bob) });
  rmSync(directory, { recursive: true });
  store.replace({ revision: 11, inbounds: [], users: usersById(alice, bob) });
  store.apply(delta(11, { remove: [alice.id] }));
  expect(store.isDurable).toBe(false);
  expect([...store.state.users.keys()]).toEqual([bob.id]);
  mkdirSync(directory);
  store.apply(delta(12, {}));
  expect(store.isDurable).toBe(true);
  expect(new StateStore(directory).state).toMatchObject({ revision: 13, users: usersById(bob) });
});
