import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer as createWebServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Bench,
  connectAsTraefik,
  eventually,
  proxyHeader,
  readAll,
  readUntil,
  startBench,
} from "../testing/bench.ts";
import { type Origin, startOrigin } from "../testing/origins.ts";

const run = promisify(execFile);
let bench: Bench;
let echo: Origin;

beforeAll(async () => {
  bench = await startBench();
  echo = await startOrigin((socket) => socket.pipe(socket));
  bench.panel.addUser("ada");
  bench.panel.addUser("off", { status: "disabled" });
  await bench.announce();
});
afterAll(async () => {
  await echo.close();
  await bench.close();
});

const login = (name: string, password = `${name}-secret`) =>
  Buffer.concat([
    Buffer.from([5, 1, 2, 1, name.length]),
    Buffer.from(name),
    Buffer.from([password.length]),
    Buffer.from(password),
  ]);
const request = (port: number, host = "127.0.0.1", command = 1) =>
  Buffer.concat([Buffer.from([5, command, 0, 1, ...host.split(".").map(Number), port >> 8, port & 255])]);
const named = (port: number, host: string) =>
  Buffer.concat([
    Buffer.from([5, 1, 0, 3, host.length]),
    Buffer.from(host),
    Buffer.from([port >> 8, port & 255]),
  ]);
const SUCCESS = "0502010005000001000000000000";

async function talk(bytes: Buffer): Promise<string> {
  const socket = await connectAsTraefik(bench.proxy.ports.socks);
  socket.write(bytes);
  const answer = await readAll(socket);
  socket.destroy();
  return answer.toString("hex");
}

describe("SOCKS5 CONNECT", () => {
  it("takes the whole handshake and data in one segment, carries half-close, counts exactly", async () => {
    const user = bench.panel.addUser("whole");
    await bench.announce();
    const [received, sent] = [echo.received(), echo.sent()];
    const block = Buffer.alloc(2_000_000, 0x63);
    const socket = await connectAsTraefik(bench.proxy.ports.socks);
    socket.end(Buffer.concat([login("whole"), request(echo.port), block]));
    const answer = await readAll(socket);
    expect(answer.subarray(0, 14).toString("hex")).toBe(SUCCESS);
    expect(answer.subarray(14).equals(block)).toBe(true);
    await eventually(() => bench.panel.usageOf(user.id, "socks").down >= block.length);
    expect(bench.panel.usageOf(user.id, "socks")).toEqual({
      up: echo.received() - received,
      down: echo.sent() - sent,
    });
  });

  it("takes it byte by byte, the PROXY header too", async () => {
    const socket = connect({ host: "127.0.0.1", port: bench.proxy.ports.socks, noDelay: true });
    for (const byte of Buffer.concat([proxyHeader(), login("ada"), request(echo.port), Buffer.from("hi")])) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answer = await readUntil(socket, (bytes) => bytes.length >= 16);
    expect(answer.toString("hex")).toBe(`${SUCCESS}6869`);
    socket.destroy();
  });

  it.each([
    ["a wrong password", () => login("ada", "wrong"), "05020101"],
    ["an unknown name", () => login("nobody"), "05020101"],
    ["no password method", () => Buffer.from([5, 1, 0]), "05ff"],
    [
      "a switched-off user",
      () => Buffer.concat([login("off"), request(echo.port)]),
      "0502010005020001000000000000",
    ],
    ["a refused port", () => Buffer.concat([login("ada"), request(1)]), "0502010005050001000000000000"],
    [
      "a private target",
      () => Buffer.concat([login("ada"), request(80, "10.0.0.1")]),
      "0502010005020001000000000000",
    ],
    [
      "an odd spelling",
      () => Buffer.concat([login("ada"), named(80, "127.1")]),
      "0502010005010001000000000000",
    ],
    [
      "BIND",
      () => Buffer.concat([login("ada"), request(80, "127.0.0.1", 2)]),
      "0502010005070001000000000000",
    ],
    [
      "UDP ASSOCIATE",
      () => Buffer.concat([login("ada"), request(80, "127.0.0.1", 3)]),
      "0502010005070001000000000000",
    ],
    ["SOCKS4", () => Buffer.from("040100507f00000100", "hex"), "005b000000000000"],
    ["noise", () => Buffer.from("GET / HTTP/1.1\r\n\r\n"), ""],
  ])("answers %s in full and closes", async (_what, bytes, reply) => {
    expect(await talk(bytes())).toBe(reply);
  });

  it("serves curl by name, by address and in IPv6 literals", async () => {
    const web = createWebServer((_request, response) => response.end("page")).listen(0, "127.0.0.1");
    await once(web, "listening");
    const { port } = web.address() as AddressInfo;
    const traefik = await startOrigin((client) => {
      const upstream = connect(bench.proxy.ports.socks, "127.0.0.1");
      upstream.write(proxyHeader());
      client.pipe(upstream).pipe(client);
      upstream.on("error", () => client.destroy());
    });
    const options = { env: { ...process.env, no_proxy: "", NO_PROXY: "" } };
    for (const url of [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`]) {
      const proxy = `socks5h://ada:ada-secret@127.0.0.1:${traefik.port}`;
      expect((await run("curl", ["-sS", "--max-time", "5", "-x", proxy, url], options)).stdout).toBe("page");
    }
    await traefik.close();
    web.close();
  });
});
