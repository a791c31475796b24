import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { Status } from "#lib/schemas/status.ts";
import { curl } from "./clients.ts";
import { addUser, api, eventually, originUrl, request, stackFile, through, vpn } from "./product.ts";

const loopback = (port: string, path: string) => `http://127.0.0.1:${stackFile().ports[port]}${path}`;
const readinessOf = async (port: string): Promise<string[]> => {
  const response = await fetch(loopback(port, "/readyz"), { signal: AbortSignal.timeout(1_500) });
  const body = (await response.json()) as { isReady: boolean; missing?: string[] };
  expect(response.status).toBe(body.isReady ? 200 : 503);
  return body.missing ?? [];
};
const READY_PORTS = ["web-internal", "controller", "forward-auth", "agent-health"];

/** Values of an instant query in the stack's own Prometheus. */
async function prometheus(query: string): Promise<Record<string, string>[]> {
  const url = `${loopback("prometheus", "/api/v1/query")}?query=${encodeURIComponent(query)}`;
  const { data } = (await (await fetch(url)).json()) as {
    data: { result: { metric: Record<string, string> }[] };
  };
  return data.result.map(({ metric }) => metric);
}
const isFiring = async (alert: string) =>
  (await prometheus(`ALERTS{alertname="${alert}", alertstate="firing"}`)).length > 0;

const readStatus = async () => (await (await api("/status")).json()) as Status;

/** Postgres answers by its children, which are in sessions of their own. */
function childrenOf(pid: number): number[] {
  const parentOf = (child: string) => {
    try {
      return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${child}/status`, "utf8"))?.[1]);
    } catch {
      return 0;
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

const stopped = new Set<number>();
/** Silent, not dead: the supervisor would bring a dead one back within a second. */
function silence(program: string): void {
  const pid = stackFile().pids[program];
  if (pid === undefined) throw new Error(`no pid of ${program}`);
  const stop = (id: number) => {
    process.kill(id, "SIGSTOP");
    stopped.add(id);
  };
  stop(pid);
  // After it: now it makes no new ones.
  for (const child of childrenOf(pid)) stop(child);
}
function wake(): void {
  for (const pid of stopped) {
    try {
      process.kill(pid, "SIGCONT");
    } catch {
      // It has ended meanwhile.
    }
  }
  stopped.clear();
}
afterEach(wake);

const isAllWell = async () => {
  const missing = await Promise.all(READY_PORTS.map(readinessOf));
  const { programs, alerts } = await readStatus();
  return (
    missing.flat().length === 0 &&
    programs.every(({ isUp, detail }) => isUp && detail === null) &&
    !alerts.some(({ name }) => /^(Redis|Postgres|Xray)Down$/.test(name))
  );
};

describe("a part that falls silent", { timeout: 300_000 }, () => {
  it("Redis: named by who needs it, fires, is told in the panel, and clears", async () => {
    await eventually("a quiet start", isAllWell, 90_000);
    silence("redis");
    for (const port of ["web-internal", "controller", "forward-auth"])
      await eventually(`${port} to name redis`, async () => (await readinessOf(port)).includes("redis"));
    await eventually("the alert to fire", () => isFiring("RedisDown"));
    const status = await readStatus();
    expect(status.programs.find(({ name }) => name === "redis")).toMatchObject({ isUp: false });
    expect(status.programs.find(({ name }) => name === "proxy-auth")).toMatchObject({
      isUp: true,
      detail: expect.stringContaining("Redis does not answer"),
    });
    await eventually("the status to tell the alert", async () =>
      (await readStatus()).alerts.some(
        ({ name, summary, description }) =>
          name === "RedisDown" &&
          summary === "Redis does not answer" &&
          description.includes("vpn logs redis"),
      ),
    );
    wake();
    await eventually("everything to be well again", isAllWell, 90_000);
    await eventually("the alert to clear", async () => !(await isFiring("RedisDown")));
  });

  it("Postgres: pages and API say so within seconds, the doors' programs go on, and it clears", async () => {
    await eventually("a quiet start", isAllWell, 90_000);
    silence("postgres");
    for (const port of ["web-internal", "controller"])
      await eventually(`${port} to name postgres`, async () =>
        (await readinessOf(port)).includes("postgres"),
      );
    await eventually("the alert to fire", () => isFiring("PostgresDown"));
    const askedAt = Date.now();
    const [answer, page, cli] = await Promise.all([
      api("/status"),
      request(`${stackFile().panelUrl}/overview`, { headers: { accept: "text/html" } }),
      vpn("status"),
    ]);
    expect(Date.now() - askedAt).toBeLessThan(10_000);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("PostgreSQL does not answer");
    expect(page.status).toBe(503);
    expect(await page.text()).toContain("PostgreSQL does not answer");
    expect(cli.code).not.toBe(0);
    expect(`${cli.stdout}${cli.stderr}`).toMatch(/postgres/i);
    for (const port of ["web-internal", "forward-auth"])
      expect((await fetch(loopback(port, "/healthz"))).status, "alive all the same").toBe(200);
    wake();
    await eventually("everything to be well again", isAllWell, 90_000);
    await eventually("the alert to clear", async () => !(await isFiring("PostgresDown")));
  });

  it("Xray: the agent names it, fires, is told in the panel, and clears", async () => {
    await eventually("a quiet start", isAllWell, 90_000);
    silence("xray");
    await eventually("the agent to name xray", async () =>
      (await readinessOf("agent-health")).includes("xray"),
    );
    await eventually("the alert to fire", () => isFiring("XrayDown"));
    await eventually("the status to tell it", async () => {
      const { programs, alerts } = await readStatus();
      return (
        programs.some(({ name, isUp }) => name === "xray" && !isUp) &&
        alerts.some(({ name, summary }) => name === "XrayDown" && summary.startsWith("Xray does not run on"))
      );
    });
    wake();
    await eventually("everything to be well again", isAllWell, 90_000);
    await eventually("the alert to clear", async () => !(await isFiring("XrayDown")));
  });
});

/** One HTTP/1.1 request as somebody outside writes it, and what comes back. */
function ask(port: number, isTls: boolean, path: string, host: string): Promise<string> {
  const socket = isTls
    ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })
    : connectPlain(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let answer = "";
  return new Promise((resolve) => {
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
    socket.setTimeout(2_000, () => socket.destroy());
  });
}

/** Exit code and words of promtool. */
function checkMetrics(text: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile("promtool", ["check", "metrics"], (error, stdout, stderr) =>
      resolve(error === null ? "" : `${stdout}${stderr}`),
    );
    child.stdin?.end(text);
  });
}

describe("metrics and readiness", () => {
  it("are in the form Prometheus wants, documented, and name no user", async () => {
    const user = await addUser();
    await Promise.all(
      [through.http(user), through.socks(user)].map((door) =>
        curl([...door, "--max-time", "5", originUrl("https", "/bytes/1000")]),
      ),
    );
    await api(`/users/${user.name}`);
    const documented = readFileSync("docs/metrics.md", "utf8");
    for (const port of READY_PORTS) {
      const text = await (await fetch(loopback(port, "/metrics"))).text();
      expect(await checkMetrics(text), port).toBe("");
      for (const [, name = ""] of text.matchAll(/^# TYPE (causeway_\S+)/gm))
        expect(documented, port).toContain(`| \`${name}\` |`);
      for (const secret of [user.name, user.id, user.proxy.password])
        expect(text, port).not.toContain(secret);
      expect(text.length, `${port}: few series`).toBeLessThan(120_000);
    }
    const doors = await (await fetch(loopback("forward-auth", "/metrics"))).text();
    for (const door of ["http", "socks"])
      expect(
        Number(new RegExp(`door_bytes_total\\{door="${door}",direction="down"\\} (\\d+)`).exec(doors)?.[1]),
      ).toBeGreaterThan(1_000);
  });

  it("tell how long a change took to reach each door", async () => {
    const user = await addUser();
    await vpn("user", "disable", user.name);
    await eventually("all doors to have heard", async () => {
      const [proxies, controller] = await Promise.all(
        ["forward-auth", "controller"].map(async (port) => (await fetch(loopback(port, "/metrics"))).text()),
      );
      const count = (text: string | undefined, door: string) =>
        Number(new RegExp(`change_effect_seconds_count\\{door="${door}"\\} (\\d+)`).exec(text ?? "")?.[1]);
      return (
        ["http", "socks", "web"].every((door) => count(proxies, door) > 0) && count(controller, "vpn") > 0
      );
    });
  });

  it("are reached on no public port, whatever host and path somebody writes", async () => {
    const { ports, panelUrl } = stackFile();
    const inner = ["web-internal", "controller", "forward-auth", "agent-health", "traefik-metrics"];
    const hosts = [
      new URL(panelUrl).host,
      "localhost",
      "LOCALHOST.",
      "web",
      "traefik",
      "",
      ...inner.map((name) => `127.0.0.1:${ports[name]}`),
    ];
    const paths = [
      "/metrics",
      "//metrics",
      "/%6detrics",
      "/login/../metrics",
      "/internal/../metrics",
      "/readyz",
    ];
    const doors = ["http", "https", "dashboard", "http-proxy", "socks-proxy", "vpn"];
    for (const door of doors) {
      const asked = hosts.flatMap((host) =>
        paths.flatMap((path) => [false, true].map((isTls) => ask(ports[door] ?? 0, isTls, path, host))),
      );
      for (const answer of await Promise.all(asked)) {
        expect(answer, door).not.toMatch(/# HELP|causeway_|traefik_config|process_cpu/);
        expect(answer, door).not.toContain("isReady");
      }
    }
    for (const name of inner.slice(0, 4))
      expect(await (await fetch(loopback(name, "/metrics"))).text(), "inside it is there").toContain(
        "causeway_build_info",
      );
  });
});
