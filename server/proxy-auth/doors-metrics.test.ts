import { expect, it } from "vitest";
import { createRegistry } from "#server/metrics.ts";
import { DoorsMetrics } from "./doors-metrics.ts";
import { Accounts } from "./usage/accounts.ts";

function makeParts() {
  const registry = createRegistry();
  const metrics = new DoorsMetrics(registry);
  const accounts: Accounts = new Accounts(
    () => {},
    (account) => metrics.countVolumeLimit(account),
  );
  const sample = async (name: string) =>
    Number(
      (await registry.metrics())
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")
        .at(-1),
    );
  return { metrics, accounts, sample };
}

it("a used-up volume is counted once, for the doors that lose something open", async () => {
  const { accounts, sample } = makeParts();
  const account = accounts.get(crypto.randomUUID());
  const cuts: string[] = [];
  account.open.add({ door: "http", cut: (reason) => cuts.push(reason) });
  account.open.add({ cut: (reason) => cuts.push(reason) });
  account.setAllowance(100);
  account.countUp("http", 60);
  account.countDown("http", 60);
  account.countDown("http", 60);
  expect(cuts.slice(0, 2)).toEqual(["limit", "limit"]);
  expect(await sample('causeway_limits_hit_total{door="http",limit="volume"}')).toBe(1);
  expect(await sample('causeway_limits_hit_total{door="socks",limit="volume"}')).toBe(0);
  account.setAllowance(1_000);
  account.countUp("http", 2_000);
  expect(await sample('causeway_limits_hit_total{door="http",limit="volume"}')).toBe(2);
});

it("users online are counted by door, dials under way are not", () => {
  const { accounts } = makeParts();
  const [ada, bob, carol] = [accounts.get("ada"), accounts.get("bob"), accounts.get("carol")];
  for (const door of ["http", "http", "socks"] as const) ada.open.add({ door, cut: () => {} });
  bob.open.add({ door: "socks", cut: () => {} });
  carol.open.add({ cut: () => {} });
  expect(accounts.countOnline()).toEqual({
    http: { users: 1, connections: 2 },
    socks: { users: 2, connections: 2 },
  });
});

it("a change is timed for the doors it concerns, and never below zero", async () => {
  const { metrics, sample } = makeParts();
  metrics.observeEffect(
    [
      { revision: 1, kind: "user", at: 1_000 },
      { revision: 2, kind: "session", at: 5_000 },
      { revision: 3, kind: "inbound", at: 1_000 },
    ],
    3_000,
  );
  expect(await sample('causeway_change_effect_seconds_sum{door="http"}')).toBe(2);
  expect(await sample('causeway_change_effect_seconds_count{door="web"}')).toBe(2);
  expect(await sample('causeway_change_effect_seconds_sum{door="web"}')).toBe(2);
});
