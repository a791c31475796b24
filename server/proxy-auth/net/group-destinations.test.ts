import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DestinationRule } from "#lib/schemas/group.ts";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import {
  type Bench,
  basic,
  connectAsTraefik,
  eventually,
  readAll,
  readUntil,
  startBench,
} from "../testing/bench.ts";
import { type Origin, rawHttp, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let echo: Origin;
let web: Origin;
let user: ReplicaUser;

beforeAll(async () => {
  bench = await startBench();
  echo = await startOrigin((socket) => socket.pipe(socket));
  web = await startOrigin(rawHttp(() => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  const group = bench.panel.putGroup("few");
  user = bench.panel.addUser("ada", { groups: [group.id] });
  bench.panel.addUser("free");
  await bench.announce();
});
afterAll(async () => {
  await echo.close();
  await web.close();
  await bench.close();
});

/** Under new rules: waits until they are known. */
async function rules(...list: [action: "allow" | "deny", target: string, ports?: string][]): Promise<void> {
  const rules: DestinationRule[] = list.map(([action, target, ports = null]) => ({ action, target, ports }));
  bench.panel.putGroup("few", { rules });
  await bench.announce();
  // The feed follows at once; the next question is behind it.
  await new Promise((resolve) => setTimeout(resolve, 100));
}

async function connectBy(name: string, target: string): Promise<string> {
  const socket = await connectAsTraefik(bench.proxy.ports.http);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name)}\r\n\r\n`);
  const head = await readUntil(socket, (bytes) => bytes.includes("\r\n\r\n"));
  socket.destroy();
  return head.toString("latin1");
}

async function socksBy(name: string, port: number): Promise<number> {
  const socket = await connectAsTraefik(bench.proxy.ports.socks);
  socket.write(Buffer.from([5, 1, 2]));
  await readUntil(socket, (bytes) => bytes.length >= 2);
  const password = `${name}-secret`;
  socket.write(
    Buffer.concat([
      Buffer.from([1, name.length]),
      Buffer.from(name),
      Buffer.from([password.length]),
      Buffer.from(password),
    ]),
  );
  await readUntil(socket, (bytes) => bytes.length >= 2);
  socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 0xff]));
  const reply = await readUntil(socket, (bytes) => bytes.length >= 10);
  socket.destroy();
  return reply[1] ?? -1;
}

describe("a group's destination rules", () => {
  it("hold for its members alone, on both doors, and are told apart from other refusals", async () => {
    await rules(["deny", "127.0.0.0/8"]);
    const refused = await connectBy("ada", `127.0.0.1:${echo.port}`);
    expect(refused).toMatch(/^HTTP\/1.1 403 /);
    expect(refused).toMatch(/Proxy-Status: causeway; error=http_request_denied/i);
    expect(refused).toContain("A rule of your group");
    expect(await socksBy("ada", echo.port)).toBe(2);
    expect(await connectBy("free", `127.0.0.1:${echo.port}`)).toMatch(/^HTTP\/1.1 200 /);
    expect(await socksBy("free", echo.port)).toBe(0);
  });

  it("follow an edit in under a second, and leaving the group", async () => {
    await rules(["deny", "*"]);
    expect(await connectBy("ada", `127.0.0.1:${echo.port}`)).toMatch(/^HTTP\/1.1 403 /);
    await rules(["allow", "127.0.0.1", String(echo.port)], ["deny", "*"]);
    const started = performance.now();
    await eventually(async () => (await connectBy("ada", `127.0.0.1:${echo.port}`)).includes(" 200 "), 1_000);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await connectBy("ada", `127.0.0.1:${web.port}`)).toMatch(/^HTTP\/1.1 403 /);
    bench.panel.change(user.id, { groups: [] });
    await bench.announce();
    await eventually(async () => (await connectBy("ada", `127.0.0.1:${web.port}`)).includes(" 200 "), 1_000);
    bench.panel.change(user.id, { groups: user.groups });
    await bench.announce();
    await eventually(async () => (await connectBy("ada", `127.0.0.1:${web.port}`)).includes(" 403 "), 1_000);
  });

  it("hold for plain requests too, over a connection to the origin that was kept", async () => {
    await rules();
    const get = async () => {
      const socket = await connectAsTraefik(bench.proxy.ports.http);
      socket.write(
        `GET http://127.0.0.1:${web.port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
      );
      const answer = await readAll(socket);
      return answer.toString("latin1").split("\r\n")[0];
    };
    expect(await get()).toBe("HTTP/1.1 200 OK");
    expect(await get()).toBe("HTTP/1.1 200 OK");
    await rules(["deny", "*"]);
    expect(await get()).toMatch(/ 403 /);
  });

  it("leave what no rule can open closed: private addresses and our own ports", async () => {
    await bench.close();
    bench = await startBench({ allowed: [] });
    const group = bench.panel.putGroup("few", { rules: [{ action: "allow", target: "*", ports: null }] });
    bench.panel.addUser("ada", { groups: [group.id] });
    await bench.announce();
    await eventually(async () => (await connectBy("ada", `127.0.0.1:${echo.port}`)).includes(" 403 "), 1_000);
    expect(await connectBy("ada", `127.0.0.1:${echo.port}`)).toMatch(/error=destination_ip_prohibited/);
  });
});
