import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import type { ProxyAuth } from "../program.ts";
import { askRaw } from "../testing/ask-forward-auth.ts";
import { type Bench, basic, connectAsTraefik, readHead, readUntil, startBench } from "../testing/bench.ts";
import { type Origin, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let other: ProxyAuth;
let echo: Origin;
let ada: ReplicaUser;
let nextNetwork = 0;

beforeAll(async () => {
  bench = await startBench();
  other = await bench.startAnother();
  echo = await startOrigin((socket) => socket.pipe(socket));
});
afterAll(async () => {
  await echo.close();
  await bench.close();
});
beforeEach(async () => {
  nextNetwork += 1;
  ada = bench.panel.addUser(`ada${nextNetwork}`);
  await bench.announce();
});

const processes = () => [bench.proxy, other];
const address = (host = 1) => `198.51.${nextNetwork}.${host}`;

/** The proxy's answer to a CONNECT: 200, 407 wrong, 429 throttled. */
async function http(name: string, password: string, client: string, process = 0): Promise<number> {
  const socket = await connectAsTraefik(processes()[process % 2]?.ports.http ?? 0, client);
  socket.write(
    `CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name, password)}\r\n\r\n`,
  );
  const head = String(await readHead(socket));
  socket.destroy();
  return Number(head.split(" ")[1]);
}

/** The second byte of RFC 1929's answer. */
async function socks(name: string, password: string, client: string, process = 0): Promise<number> {
  const socket = await connectAsTraefik(processes()[process % 2]?.ports.socks ?? 0, client);
  const bytes = [5, 1, 2, 1, name.length, ...Buffer.from(name), password.length, ...Buffer.from(password)];
  socket.write(Buffer.from(bytes));
  const answer = await readUntil(socket, (all) => all.length >= 4);
  socket.destroy();
  return answer[3] ?? -1;
}

const times = <T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => make(i)));
const count = (answers: number[], status: number) => answers.filter((answer) => answer === status).length;

describe("guessing at the doors", () => {
  it("stops one address at one name over all processes and both proxies, also all at once", async () => {
    const answers = await times(40, (i) => http(ada.name, `wrong${i}`, address(), i));
    // One guess a process is looked at before it is known that somebody guesses.
    expect(count(answers, 407)).toBeLessThanOrEqual(12);
    expect(count(answers, 407)).toBeGreaterThanOrEqual(10);
    expect(count(answers, 429)).toBe(40 - count(answers, 407));
    for (const process of [0, 1]) {
      expect(await http(ada.name, `${ada.name}-secret`, address(), process)).toBe(429);
      expect(await socks(ada.name, `${ada.name}-secret`, address(), process)).toBe(1);
    }
    expect(await http(ada.name, `${ada.name}-secret`, address(2))).toBe(200);
  });

  it("stops an address that tries many names, and hears who is known there", async () => {
    expect(await http(ada.name, `${ada.name}-secret`, address())).toBe(200);
    const answers = await times(70, (i) => http(`name${i}`, "Password1", address(), i));
    expect(count(answers, 407)).toBeLessThanOrEqual(54);
    expect(count(answers, 429)).toBeGreaterThanOrEqual(16);
    const eve = bench.panel.addUser(`eve${nextNetwork}`);
    await bench.announce();
    expect(await http(eve.name, `${eve.name}-secret`, address(), 1)).toBe(429);
    expect(await http(ada.name, `${ada.name}-secret`, address())).toBe(200);
  });

  it("stops guesses at one name from many addresses, and lets its user in from where they were before", async () => {
    bench.panel.addresses.set(ada.id, ["2001:db8::1", "192.0.2.77"]);
    const answers = await times(80, (i) => http(ada.name, `wrong${i}`, address(i + 1), i));
    expect(count(answers, 407)).toBeLessThanOrEqual(54);
    expect(count(answers, 429)).toBeGreaterThanOrEqual(26);
    for (const process of [0, 1]) {
      expect(await http(ada.name, `${ada.name}-secret`, address(200), process)).toBe(429);
      expect(await http(ada.name, `${ada.name}-secret`, "192.0.2.77", process)).toBe(200);
    }
    const questions = bench.panel.calls.filter((call) => call.includes(`${ada.id}/addresses`));
    expect(questions.length).toBeLessThanOrEqual(4);
  });

  it("bounds what a neighbour at home may guess, and hears the owner there all the time", async () => {
    const right = () => times(2, (i) => http(ada.name, `${ada.name}-secret`, address(), i));
    expect(await right()).toEqual([200, 200]);
    const answers: number[] = [];
    for (let round = 0; round < 4; round++) {
      answers.push(...(await times(100, (i) => http(ada.name, `wrong${round}-${i}`, address(), i))));
      expect(await right()).toEqual([200, 200]);
    }
    expect(count(answers, 407)).toBeGreaterThanOrEqual(300);
    expect(count(answers, 407)).toBeLessThanOrEqual(305);
    expect(count(answers, 429)).toBe(400 - count(answers, 407));
    expect(await http(ada.name, `${ada.name}-secret`, address(2))).toBe(200);
  });

  it("asks the panel about a neighbour's tokens no more than that, and lets the owner's in", async () => {
    bench.panel.access = { version: 1, rules: [] };
    const token = bench.panel.addToken(ada.id, ["forward-auth"]);
    const ask = async (secret: string) => {
      const lines = ["X-Forwarded-Host: panel.test", `X-Forwarded-For: ${address()}`];
      const authorization = `Authorization: ${basic(ada.name, secret)}`;
      return (await askRaw(bench.proxy.ports.forwardAuth, [...lines, authorization])).status;
    };
    const right = await ask(token);
    expect([200, 403]).toContain(right);
    const before = bench.panel.calls.length;
    const answers: number[] = [];
    for (let round = 0; round < 4; round++) {
      answers.push(...(await times(100, (i) => ask(`cwy_${String(round * 100 + i).padStart(43, "A")}`))));
      expect(await ask(token)).toBe(right);
    }
    expect(count(answers, 429)).toBeGreaterThanOrEqual(95);
    const asked = bench.panel.calls.slice(before).filter((call) => call.includes("tokens/verify"));
    expect(asked.length).toBeLessThanOrEqual(305);
  });

  it("asks Redis nothing for right passwords, and keeps no name in it", async () => {
    const watcher = bench.redis.duplicate();
    const monitor = await watcher.monitor();
    const seen: string[] = [];
    monitor.on("monitor", (_time: string, args: string[]) => seen.push(args.join(" ")));
    await times(20, (i) => http(ada.name, `${ada.name}-secret`, address(i + 1), i));
    expect(seen.filter((text) => text.includes("guess:"))).toEqual([]);
    await times(2, (i) => http(ada.name, "wrong", address(100), i));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.some((text) => text.includes("guess:"))).toBe(true);
    expect(seen.join("\n")).not.toContain(ada.name);
    monitor.disconnect();
    watcher.disconnect();
  });

  it("stops guesses at ForwardAuth's Basic and bearer, and lets those in who are known", async () => {
    const token = bench.panel.addToken(ada.id, ["forward-auth"]);
    bench.panel.access = { version: 1, rules: [] };
    const lines = (authorization: string) => [
      "X-Forwarded-Host: panel.test",
      `X-Forwarded-For: ${address()}`,
      `Authorization: ${authorization}`,
    ];
    const ask = async (authorization: string, process = 0) =>
      (await askRaw(processes()[process % 2]?.ports.forwardAuth ?? 0, lines(authorization))).status;
    const right = await ask(`Bearer ${token}`);
    expect([200, 403]).toContain(right);
    const fake = (i: number) => `cwy_${String(i).padStart(43, "A")}`;
    const bearer = await times(70, (i) => ask(`Bearer ${fake(i)}`, i));
    expect(count(bearer, 401)).toBeLessThanOrEqual(60);
    expect(await ask(`Bearer ${fake(1_000)}`)).toBe(429);
    expect(await ask(basic(ada.name, token), 1)).toBe(429);
    expect(await ask(`Bearer ${token}`)).toBe(right);
    const { headers } = await askRaw(bench.proxy.ports.forwardAuth, lines(`Bearer ${fake(2_000)}`));
    expect(Number(headers.get("retry-after")?.[0])).toBeGreaterThan(0);
  });

  it("goes on without Redis: each process takes its part, and none is open", async () => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    bench.redis.disconnect();
    await bench.stopRedis();
    const answers = await times(40, (i) => http(ada.name, `wrong${i}`, address(), i));
    expect(count(answers, 407)).toBeLessThanOrEqual(14);
    expect(await http(ada.name, `${ada.name}-secret`, address())).toBe(429);
    expect(await http(ada.name, `${ada.name}-secret`, address(2))).toBe(200);
  });
});
