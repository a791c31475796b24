import { expect, it } from "vitest";
import { Account, type Cuttable } from "./account.ts";

it("lets one user take a part of the program's connections, and makes room when they close", () => {
  const account = new Account("ada", () => {});
  const tunnels = Array.from({ length: 4_000 }, (): Cuttable => ({ cut: () => {} }));
  for (const tunnel of tunnels) {
    expect(account.isFull).toBe(false);
    account.open.add(tunnel);
  }
  expect(account.isFull).toBe(true);
  for (const tunnel of tunnels.slice(0, 1)) account.open.delete(tunnel);
  expect(account.isFull).toBe(false);
});
