import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import {
  type Bench,
  basic,
  connectAsTraefik,
  eventually,
  readHead,
  readUntil,
  startBench,
} from "../testing/bench.ts";
import { type Origin, startOrigin, startSlowTarget, stream } from "../testing/origins.ts";

let bench: Bench;
let source: Origin;
let page: Origin;
let count = 0;

beforeAll(async () => {
  bench = await startBench();
  source = await startOrigin(stream);
  page = await startOrigin((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
      const timer = setInterval(() => socket.write(chunk), 5);
      socket.on("close", () => clearInterval(timer));
    });
  });
});
afterAll(async () => {
  await source.close();
  await page.close();
  await bench.close();
});

async function newUser(changes: Partial<ReplicaUser> = {}): Promise<ReplicaUser> {
  count += 1;
  const user = bench.panel.addUser(`user${count}`, changes);
  await bench.announce();
  return user;
}

type Download = { bytes: () => number; isOpen: () => boolean; socket: Socket };

/** A download that runs until it is ended. */
async function download(user: ReplicaUser, door: "connect" | "plain" | "socks"): Promise<Download> {
  const socket = await connectAsTraefik(bench.proxy.ports[door === "socks" ? "socks" : "http"]);
  if (door === "connect") {
    socket.write(
      `CONNECT 127.0.0.1:${source.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(user.name)}\r\n\r\n`,
    );
  } else if (door === "plain") {
    socket.write(
      `GET http://127.0.0.1:${page.port}/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(user.name)}\r\n\r\n`,
    );
  } else {
    const secret = `${user.name}-secret`;
    const handshake = [
      5,
      1,
      2,
      1,
      user.name.length,
      ...Buffer.from(user.name),
      secret.length,
      ...Buffer.from(secret),
    ];
    socket.write(Buffer.from([...handshake, 5, 1, 0, 1, 127, 0, 0, 1, source.port >> 8, source.port & 255]));
  }
  if (door === "socks") await readUntil(socket, (bytes) => bytes.length > 14);
  else expect((await readHead(socket)).toString("latin1")).toMatch(/^HTTP\/1.1 200/);
  let isOpen = true;
  // Under load the kernel may tell a reset as an end.
  const onOver = () => {
    isOpen = false;
    socket.destroy();
  };
  socket.on("close", onOver).on("end", onOver);
  socket.on("data", () => {});
  socket.resume();
  return { bytes: () => socket.bytesRead, isOpen: () => isOpen, socket };
}

describe.each(["connect", "plain", "socks"] as const)("%s", (door) => {
  it.each([
    ["disable", (user: ReplicaUser) => bench.panel.change(user.id, { status: "disabled" })],
    ["delete", (user: ReplicaUser) => bench.panel.delete(user.id)],
    ["rotate", (user: ReplicaUser) => bench.panel.change(user.id, { proxyHash: bench.panel.hash("new") })],
    [
      "an expiry set to the past",
      (user: ReplicaUser) => bench.panel.change(user.id, { expiresAt: Date.now() - 1 }),
    ],
    ["a limit below what is used", (user: ReplicaUser) => bench.panel.change(user.id, { limitBytes: 1 })],
  ])("%s ends only this user's download, in under 500 ms", async (_what, act) => {
    const [user, neighbour] = [await newUser(), await newUser()];
    const [cut, stays] = [await download(user, door), await download(neighbour, door)];
    act(user);
    const started = Date.now();
    await bench.announce();
    await eventually(() => !cut.isOpen());
    expect(Date.now() - started).toBeLessThan(500);
    const before = stays.bytes();
    await eventually(() => stays.bytes() > before);
    expect(stays.isOpen()).toBe(true);
    stays.socket.destroy();
  });

  it("ends at the second of expiry, without a word from the panel", async () => {
    const expiresAt = Date.now() + 1_200;
    const running = await download(await newUser({ expiresAt }), door);
    await eventually(() => !running.isOpen());
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(Date.now() - expiresAt).toBeLessThan(1_200);
  });

  it("ends when the limit is used up, and refuses what comes after", async () => {
    const limitBytes = 3_000_000;
    const user = await newUser({ limitBytes });
    const running = await download(user, door);
    await eventually(() => !running.isOpen());
    const used = () => bench.panel.usageOf(user.id, door === "socks" ? "socks" : "http");
    await eventually(() => used().up + used().down >= limitBytes);
    expect(used().up + used().down).toBeLessThan(limitBytes + 3_000_000);
    const socket = await connectAsTraefik(bench.proxy.ports.http);
    socket.write(
      `CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(user.name)}\r\n\r\n`,
    );
    expect((await readHead(socket)).toString()).toMatch(/^HTTP\/1.1 403 [\s\S]*used all of its traffic/);
  });
});

describe("a dial under way", () => {
  it("is given up when the user goes out meanwhile", async () => {
    const slow = await startSlowTarget();
    const user = await newUser();
    const socket = await connectAsTraefik(bench.proxy.ports.http);
    socket.write(
      `CONNECT 127.0.0.1:${slow.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(user.name)}\r\n\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    bench.panel.change(user.id, { status: "disabled" });
    const answer = readHead(socket);
    await bench.announce();
    expect((await answer).toString()).toBe("");
    slow.close();
  });
});

describe("replica", () => {
  it("lets the new password in right after a rotation, and a new user before the feed says so", async () => {
    const user = await newUser();
    bench.panel.change(user.id, { proxyHash: bench.panel.hash("fresh") });
    const late = bench.panel.addUser("late");
    const tries = [basic(user.name, "fresh"), basic(late.name)];
    for (const credentials of tries) {
      const socket = await connectAsTraefik(bench.proxy.ports.http);
      socket.write(
        `CONNECT 127.0.0.1:${source.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${credentials}\r\n\r\n`,
      );
      expect((await readHead(socket)).toString("latin1")).toMatch(/^HTTP\/1.1 200/);
      socket.destroy();
    }
  });

  it("a storm of one unknown name asks the panel once", async () => {
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => connectAsTraefik(bench.proxy.ports.http)),
    );
    for (const socket of sockets) {
      socket.write(`CONNECT h:1 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ghost")}\r\n\r\n`);
    }
    for (const socket of sockets) expect((await readHead(socket)).toString()).toMatch(/^HTTP\/1.1 (407|429)/);
    expect(bench.panel.calls.filter((call) => call.endsWith("/by-name/ghost")).length).toBe(1);
  });

  it("serves known users while the panel is away, also after a restart, and reports what they used later", async () => {
    const user = await newUser();
    const { port } = bench.panel;
    await eventually(() => bench.logs.length > 0);
    const echo = await startOrigin((socket) => socket.pipe(socket));
    const transfer = async () => {
      const socket = await connectAsTraefik(bench.proxy.ports.http);
      socket.write(
        `CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(user.name)}\r\n\r\n12345`,
      );
      const answer = await readUntil(socket, (bytes) => bytes.toString().endsWith("12345"));
      expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
      socket.end();
    };
    await transfer();
    await bench.panel.stop();
    await transfer();
    await bench.restart();
    await transfer();
    await bench.panel.start(port);
    await eventually(() => bench.panel.usageOf(user.id, "http").up === 15, 8_000);
    expect(bench.panel.usageOf(user.id, "http")).toEqual({ up: 15, down: 15 });
    await echo.close();
  }, 20_000);
});
