import { expect, it } from "vitest";
import { arrangeConnections, type Connection } from "./arrange-connections.ts";

const one = (id: string, door: Connection["door"], upBytes: number): Connection => ({
  id,
  userId: "u",
  userName: "ada",
  door,
  ip: "192.0.2.1",
  target: null,
  upBytes,
  downBytes: 1,
  openedAt: "2026-11-23T18:00:00.000Z",
});
const items = [one("young", "http", 5), one("middle", "socks", 9), one("old", "http", 1)];
const ids = (filters: Parameters<typeof arrangeConnections>[1]) =>
  arrangeConnections(items, filters).map(({ id }) => id);

it("keeps the server's order, turns it round, or puts the most bytes first", () => {
  expect(ids({ door: null, sort: "youngest" })).toEqual(["young", "middle", "old"]);
  expect(ids({ door: null, sort: "oldest" })).toEqual(["old", "middle", "young"]);
  expect(ids({ door: null, sort: "bytes" })).toEqual(["middle", "young", "old"]);
});

it("shows one door alone", () => {
  expect(ids({ door: "http", sort: "bytes" })).toEqual(["young", "old"]);
});
