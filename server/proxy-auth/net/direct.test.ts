import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type Bench,
  basic,
  eventually,
  proxyHeader,
  readHead,
  readUntil,
  startBench,
} from "../testing/bench.ts";
import { type Origin, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let echo: Origin;
beforeAll(async () => {
  bench = await startBench({ env: { DOORS_DIRECT: "1" }, trusted: ["192.0.2.1"] });
  echo = await startOrigin((socket) => socket.pipe(socket));
  bench.panel.addUser("ada");
  await bench.announce();
});
afterAll(async () => {
  await echo.close();
  await bench.close();
});

async function dial(door: "http" | "socks"): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port: bench.proxy.ports[door], allowHalfOpen: true });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}
const connectTo = (name: string) =>
  `CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${name}\r\n\r\n`;

it("takes clients without a PROXY header, and their own address for theirs", async () => {
  const http = await dial("http");
  http.write(`${connectTo(basic("ada"))}ping`);
  expect(String(await readUntil(http, (bytes) => String(bytes).endsWith("ping")))).toContain(" 200 ");
  const socks = await dial("socks");
  const target = [5, 1, 0, 1, 127, 0, 0, 1, echo.port >> 8, echo.port & 255];
  socks.write(Buffer.concat([Buffer.from("\x05\x01\x02\x01\x03ada\x0aada-secret"), Buffer.from(target)]));
  const reply = await readUntil(socks, (bytes) => bytes.length >= 14);
  expect([...reply.subarray(0, 6)]).toEqual([5, 2, 1, 0, 5, 0]);
  const addresses = () =>
    bench.panel.batches
      .flatMap(({ entries }) => entries)
      .flatMap(({ door, connections }) =>
        Object.keys(connections?.addresses ?? {}).map((ip) => `${door} ${ip}`),
      );
  await eventually(() => new Set(addresses()).size === 2);
  expect(new Set(addresses())).toEqual(new Set(["http 127.0.0.1", "socks 127.0.0.1"]));
  http.destroy();
  socks.destroy();
});

it("believes nobody who claims another address, and counts guesses by the real one", async () => {
  const liar = await dial("http");
  liar.write(Buffer.concat([proxyHeader("203.0.113.9"), Buffer.from(connectTo(basic("ada")))]));
  expect(String(await readHead(liar))).toContain(" 400 ");
  const wrong = await dial("http");
  wrong.write(connectTo(basic("ada", "wrong")));
  expect(String(await readHead(wrong))).toContain(" 407 ");
  expect(bench.logs.filter((line) => line.includes("wrong proxy password")).join("")).toContain("127.0.0.1");
  expect(bench.logs.join("")).not.toContain("203.0.113.9");
  liar.destroy();
  wrong.destroy();
});
