import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { checkPorts } from "#stack/doctor/check-ports.ts";
import { isBelow, type Listener, readListeners } from "#stack/doctor/listeners.ts";
import { createReport } from "#stack/doctor/report.ts";
import { PORT_NAMES, type Ports, type Settings } from "#stack/settings.ts";

const ports = Object.fromEntries(PORT_NAMES.map((name, index) => [name, 20_000 + index])) as Ports;
const settings = { ports } as Settings;
const ours: Listener[] = PORT_NAMES.map((name) => ({
  port: ports[name],
  isEverywhere: false,
  pid: process.pid,
  program: "node",
}));
const pids = Object.fromEntries(
  ["traefik", "xray", "web", "controller", "proxy-auth", "node-agent", "postgres", "redis", "prometheus"].map(
    (name) => [name, process.pid],
  ),
);
function check(listeners: Listener[]) {
  const report = createReport("Ports");
  checkPorts(report, settings, pids, listeners);
  return report.findings;
}
const replace = (port: number, change: Partial<Listener>) =>
  ours.map((listener) => (listener.port === port ? { ...listener, ...change } : listener));

describe("the doctor's look at ports", () => {
  it("is content when each is held by its own program", () =>
    expect(check(ours).map(({ state }) => state)).toEqual(["ok"]));

  it("looks for proxy-auth on the proxies' ports when it listens there itself", () => {
    const report = createReport("Ports");
    const inner = [ports.httpProxyListener, ports.socksProxyListener];
    const listeners = ours.filter(({ port }) => !inner.includes(port));
    const gone = listeners.filter(({ port }) => port !== ports.httpProxy);
    checkPorts(report, { ...settings, hasDirectDoors: true }, pids, listeners);
    expect(report.findings.map(({ state }) => state)).toEqual(["ok"]);
    checkPorts(report, { ...settings, hasDirectDoors: true }, pids, gone);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ state: "failure", action: "./vpn logs proxy-auth" }),
    );
  });

  it("names a port where nothing listens, with whose log to read", () =>
    expect(check(ours.filter(({ port }) => port !== ports.vpn))).toContainEqual(
      expect.objectContaining({ name: String(ports.vpn), state: "failure", action: "./vpn logs node-agent" }),
    ));

  it("names the stranger who holds one", () =>
    expect(check(replace(ports.redis, { pid: 1, program: "nginx" }))).toContainEqual(
      expect.objectContaining({
        state: "failure",
        detail: expect.stringContaining("nginx (pid 1)"),
        action: expect.stringContaining("end pid 1"),
      }),
    ));

  it("takes an inner port that is open to everybody for a failure, an outer one not", () => {
    const open = (port: number) => check(replace(port, { isEverywhere: true })).map(({ state }) => state);
    expect(open(ports.postgres)).toContain("failure");
    expect(open(ports.https)).toEqual(["ok"]);
  });
});

describe("who listens here", () => {
  it("is read from the kernel, with the process behind it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect(readListeners()).toContainEqual(
      expect.objectContaining({ port, isEverywhere: false, pid: process.pid }),
    );
    server.close();
    expect(isBelow(process.pid, process.ppid)).toBe(true);
    expect(isBelow(process.ppid, process.pid)).toBe(false);
  });
});
