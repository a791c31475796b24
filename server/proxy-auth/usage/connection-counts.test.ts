import { afterAll, beforeAll, expect, it } from "vitest";
import { mergeConnections, noConnections } from "#lib/door-connections.ts";
import type { DoorConnections } from "#lib/schemas/internal.ts";
import { type Bench, basic, connectAsTraefik, eventually, readHead, startBench } from "../testing/bench.ts";
import { type Origin, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let echo: Origin;
beforeAll(async () => {
  bench = await startBench();
  echo = await startOrigin((socket) => socket.pipe(socket));
  bench.panel.addUser("ada");
  await bench.announce();
});
afterAll(async () => {
  await echo.close();
  await bench.close();
});

const told = (door: string): DoorConnections =>
  bench.panel.batches
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.door === door)
    .reduce((sum, { connections }) => mergeConnections(sum, connections ?? noConnections()), noConnections());

async function connect(target: string, authorization: string, client?: string) {
  const socket = await connectAsTraefik(bench.proxy.ports.http, client);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${authorization}\r\n\r\n`);
  const head = String(await readHead(socket));
  socket.resume();
  return { socket, status: Number(head.split(" ")[1]) };
}

it("tells the panel what was opened and refused, how long it took and from where, also after a restart", async () => {
  const at = `127.0.0.1:${echo.port}`;
  const first = await connect(at, basic("ada"), "192.0.2.7");
  const second = await connect(at, basic("ada"), "198.51.100.4");
  expect([first.status, second.status]).toEqual([200, 200]);
  expect((await connect("10.0.0.1:80", basic("ada"))).status).toBe(403);
  expect((await connect(at, basic("ada", "wrong"))).status).toBe(407);
  expect((await connect(at, basic("nobody"))).status).toBe(407);
  await new Promise((resolve) => setTimeout(resolve, 120));
  first.socket.destroy();
  await eventually(() => told("http").ended === 1);
  await bench.restart();
  await eventually(() => told("http").ended === 2);
  const seen = told("http");
  expect(seen).toMatchObject({ opened: 2, ended: 2, refused: { prohibited: 1, "wrong-password": 1 } });
  expect(Object.keys(seen.addresses).sort()).toEqual(["192.0.2.7", "198.51.100.4"]);
  expect(seen.durationMs).toBeGreaterThan(200);
  expect(seen.durationMs).toBeLessThan(20_000);
});
