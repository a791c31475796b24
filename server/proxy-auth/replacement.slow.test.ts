import { Agent, request as askOver } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { findTraefik } from "#server/node-agent/testing/find-binary.ts";
import { basic, eventually, readUntil } from "./testing/bench.ts";
import { type Origin, startOrigin } from "./testing/origins.ts";
import { RealProgram } from "./testing/real-program.ts";
import { canMountHosts, startTraefikEdge } from "./testing/traefik-edge.ts";

const binary = findTraefik();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Whatever is asked a second, steadily, until it is told to stop. Answers how often, and what went wrong. */
function steadily(perSecond: number, ask: () => Promise<string>) {
  const failures: string[] = [];
  const open = new Set<Promise<void>>();
  let count = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < perSecond / 50; i++) {
      count += 1;
      const asked = ask()
        .catch((error: Error) => error.message)
        .then((outcome) => {
          if (outcome !== "ok") failures.push(outcome);
          open.delete(asked);
        });
      open.add(asked);
    }
  }, 20);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    return { count, failures };
  };
}

/** A visitor of the site; many connections, all kept. */
function visitor(port: number, cookie: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 40 });
  closers.push(async () => agent.destroy());
  return () =>
    new Promise<string>((resolve, reject) => {
      askOver({ host: "127.0.0.1", port, agent, headers: { cookie } }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode === 200 ? "ok" : `site ${response.statusCode}`));
      })
        .on("error", reject)
        .end();
    });
}

/** A tunnel from the first byte to the origin's answer, on a connection of its own. */
const tunnels = {
  http: async (port: number, origin: Origin) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      `CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
    );
    const head = (await readUntil(socket, (bytes) => bytes.includes("\r\n\r\n"))).toString("latin1");
    return finish(socket, head.startsWith("HTTP/1.1 200"), `connect: ${head.slice(0, 30)}`);
  },
  socks: async (port: number, origin: Origin) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const login = Buffer.concat([Buffer.from([1, 3]), Buffer.from("ada\x0aada-secret")]);
    const to = Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, origin.port >> 8, origin.port & 255]);
    socket.write(Buffer.concat([Buffer.from([5, 1, 2]), login, to]));
    const answer = await readUntil(socket, (bytes) => bytes.length >= 14);
    return finish(socket, answer[5] === 0 && answer.length >= 14, `socks: ${answer.toString("hex")}`);
  },
};

async function finish(socket: ReturnType<typeof connect>, isOpen: boolean, what: string): Promise<string> {
  if (isOpen) {
    socket.write("hello");
    const echo = await readUntil(socket, (bytes) => bytes.length >= 5);
    socket.destroy();
    return echo.toString() === "hello" ? "ok" : `${what} opened, and answered nothing`;
  }
  socket.destroy();
  return what;
}

async function installation(env: Record<string, string>, hosts: string[]) {
  const programs: RealProgram[] = [];
  for (const host of hosts) {
    const trusted = { ...env, PROXY_AUTH_HOST: host, TRUSTED_PROXIES: "127.0.0.0/8" };
    const program = new RealProgram(trusted, programs[0] ?? null);
    await program.prepare();
    closers.push(() => program.close());
    programs.push(program);
  }
  const [first] = programs;
  if (!first) throw new Error("no program");
  const user = first.panel.addUser("ada");
  const rule = { host: "*", path: "/*", policy: "any_user" as const, roles: [], groups: [] };
  first.panel.setRules([rule]);
  const origin = await startOrigin((socket) => socket.pipe(socket));
  closers.push(() => origin.close());
  for (const program of programs) await program.start();
  const edge = await startTraefikEdge(binary ?? "", programs);
  closers.push(edge.stop);
  const cookie = `__Host-causeway=${first.panel.addSession(user.id, "127.0.0.1")}`;
  return { programs, first, origin, edge, visit: visitor(edge.ports.web, cookie) };
}

describe.skipIf(binary === null)("behind the real Traefik", () => {
  it.each([1, 2])(
    "replacing every worker process (%i) costs no request",
    async (workers) => {
      const env = { PROXY_AUTH_WORKERS: String(workers), DRAIN_SECONDS: "4" };
      const { first, edge, origin, visit } = await installation(env, ["127.0.0.1"]);
      await eventually(async () => (await visit()) === "ok", 5_000);
      const before = first.workerPids;
      expect(before).toHaveLength(workers);
      const stops = [
        steadily(300, visit),
        steadily(50, () => tunnels.http(edge.ports.http, origin)),
        steadily(50, () => tunnels.socks(edge.ports.socks, origin)),
      ];
      await sleep(1_000);
      process.kill(first.pid, "SIGHUP");
      await eventually(() => {
        const now = first.workerPids;
        return now.length === workers && now.every((pid) => !before.includes(pid));
      }, 20_000);
      await sleep(1_000);
      for (const stop of stops) {
        const { count, failures } = await stop();
        expect(count).toBeGreaterThan(100);
        expect(failures).toEqual([]);
      }
    },
    60_000,
  );

  it.skipIf(!canMountHosts())(
    "ending one of two replicas loses no new connection",
    async () => {
      const env = { PROXY_AUTH_WORKERS: "2", DRAIN_SECONDS: "5" };
      const { programs, edge, origin, visit } = await installation(env, ["127.0.0.2", "127.0.0.3"]);
      await eventually(async () => (await visit()) === "ok", 5_000);
      const stops = [
        steadily(200, visit),
        steadily(50, () => tunnels.http(edge.ports.http, origin)),
        steadily(50, () => tunnels.socks(edge.ports.socks, origin)),
      ];
      await sleep(2_000);
      expect(await programs[0]?.end("SIGTERM")).toBe(0);
      await sleep(1_000);
      const [site, ...doors] = await Promise.all(stops.map((stop) => stop()));
      for (const { count, failures } of doors) {
        expect(count).toBeGreaterThan(100);
        expect(failures).toEqual([]);
      }
      // Traefik dials ForwardAuth by name, unasked for its health, to the end: what waits in the queue of a listener that
      // closes is reset by the kernel. Few milliseconds, more where cores are short.
      expect(site?.count).toBeGreaterThan(500);
      expect(site?.failures.length).toBeLessThan((site?.count ?? 0) * 0.01);
    },
    60_000,
  );
});
