import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { makeIdleCli } from "#cli/testing/test-cli.ts";
import type { NodeInfo, Status } from "#lib/schemas/status.ts";
import { describeStatus } from "./describe-status.ts";
import { findProblems } from "./find-problems.ts";
import { askLocalPrograms } from "./local-programs.ts";
import type { StatusReport } from "./status-report.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const bytes = { upBytes: 1_000_000, downBytes: 2_000_000 };
const status: Status = {
  version: "0.1.0",
  at: "2026-11-23T12:00:00Z",
  programs: [],
  users: {
    total: 40_000,
    online: 1_200,
    active: 39_000,
    disabled: 500,
    limited: 300,
    expired: 199,
    onHold: 1,
  },
  today: { vpn: bytes, http: bytes, socks: bytes },
  alerts: [],
  notices: [],
};
const node: NodeInfo = {
  id: "0190d4ac-0000-7000-8000-000000000001",
  name: "oslo",
  agentUrl: "https://203.0.113.20:9004",
  isUp: true,
  isXrayUp: true,
  xrayVersion: "26.7.28",
  canCutLive: true,
  revisionBehind: 0,
  lastError: null,
  seenAt: "2026-11-23T12:00:00Z",
  inbounds: [],
  enrolment: null,
};
type Facts = Omit<StatusReport, "isWell" | "problems">;
const facts: Facts = {
  url: "https://a-rather-long-name-of-a-panel.vpn.example.org:10443",
  at: status.at,
  panelError: null,
  status,
  nodes: [node],
  programs: ["traefik", "web", "controller"].map((name) => ({ name, state: "up", detail: null })),
  rates: null,
  certificates: [{ name: "web", endsAt: "2027-12-01T00:00:00Z", daysLeft: 300 }],
  disks: [{ path: "/data", freeBytes: 5e10, totalBytes: 1e11 }],
  versions: { causeway: "0.1.0", node: "24.21.0" },
};
const find = (change: Partial<Facts>, cliVersion = "0.1.0") =>
  findProblems({ ...facts, ...change }, { cliVersion, start: "npm run up" });
const report = (change: Partial<Facts> = {}): StatusReport => {
  const problems = find(change);
  return { ...facts, ...change, problems, isWell: problems.length === 0 };
};
const alert = {
  name: "HighErrorRate",
  severity: "critical" as const,
  description: "Many 5xx.",
  since: status.at,
};

describe("vpn status", () => {
  it.each<[string, Partial<Facts>, "down" | "warning", RegExp]>([
    [
      "a program that is down",
      { programs: [{ name: "redis", state: "down", detail: "gone" }] },
      "down",
      /vpn logs redis/,
    ],
    [
      "one that cannot work",
      { programs: [{ name: "web", state: "unready", detail: "waits for postgres" }] },
      "down",
      /vpn logs web/,
    ],
    [
      "a panel that is away",
      { panelError: "It does not answer.", status: null, nodes: null },
      "down",
      /npm run up/,
    ],
    [
      "a node out of reach",
      { nodes: [{ ...node, isUp: false, lastError: "no route" }] },
      "down",
      /vpn node show oslo/,
    ],
    [
      "a node that is to join",
      { nodes: [{ ...node, isUp: false, enrolment: { isPending: true, expiresAt: status.at } }] },
      "warning",
      /vpn node invite oslo/,
    ],
    [
      "a certificate near its end",
      { certificates: [{ name: "web", endsAt: status.at, daysLeft: 3 }] },
      "warning",
      /npm run up/,
    ],
    [
      "one that has ended",
      { certificates: [{ name: "web", endsAt: status.at, daysLeft: -1 }] },
      "down",
      /npm run up/,
    ],
    ["a disk that fills", { disks: [{ path: "/d", freeBytes: 1e9, totalBytes: 1e11 }] }, "warning", /du -xh/],
    ["a full one", { disks: [{ path: "/d", freeBytes: 1e8, totalBytes: 1e11 }] }, "down", /du -xh/],
    [
      "an alert",
      { status: { ...status, alerts: [{ ...alert, summary: "Many requests fail" }] } },
      "down",
      /HighErrorRate/,
    ],
  ])("says of %s what to do", (_, change, severity, action) => {
    expect(find(change)).toEqual([
      expect.objectContaining({ severity, action: expect.stringMatching(action) }),
    ]);
  });

  it("does not name twice what an alert says too, nor who waits for it", () => {
    const programs: Facts["programs"] = [
      { name: "redis", state: "down", detail: null },
      { name: "controller", state: "unready", detail: "waits for redis" },
    ];
    const alerts = [{ ...alert, summary: "Redis is down" }];
    expect(find({ programs, status: { ...status, alerts } })).toHaveLength(1);
  });

  it("tells a CLI of another version", () =>
    expect(find({}, "0.2.0")).toEqual([expect.objectContaining({ severity: "warning" })]));

  it.each([
    ["all well", {}],
    [
      "much wrong",
      {
        panelError: "x ".repeat(80),
        programs: [{ name: "proxy-auth", state: "down", detail: "y ".repeat(70) }],
      },
    ],
  ] as [string, Partial<Facts>][])("fits 80 columns, with or without colours: %s", (_, change) => {
    for (const isColored of [false, true]) {
      const terminal = { ...makeIdleCli().terminal, columns: 80, isColored };
      const text = describeStatus(terminal, report(change), NOW);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
      for (const line of text.replace(/\u001b\[\d+m/g, "").split("\n"))
        expect(line.length, line).toBeLessThanOrEqual(80);
      expect(text.includes("\u001b")).toBe(isColored);
    }
  });
});

describe("programs of this machine", () => {
  it("are asked themselves: ready, not ready with what they wait for, silent", async () => {
    const server = createServer((request, response) => {
      const isReady = request.url === "/ping";
      response
        .writeHead(isReady ? 200 : 503)
        .end(JSON.stringify({ isReady, missing: ["postgres", "redis"] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const lines = await askLocalPrograms({
      apiUrl: "https://x/api/v1",
      caFile: "",
      ports: { "traefik-metrics": port, controller: port, "forward-auth": 1, postgres: port, redis: 1 },
      pids: { xray: process.pid, redis: 2 ** 22 + 1 },
    });
    server.close();
    expect(lines).toEqual([
      { name: "traefik", state: "up", detail: null },
      { name: "controller", state: "unready", detail: "waits for postgres, redis" },
      { name: "proxy-auth", state: "down", detail: "nothing answers on 127.0.0.1:1" },
      { name: "xray", state: "up", detail: null },
      { name: "postgres", state: "up", detail: null },
      { name: "redis", state: "down", detail: "its process has ended" },
    ]);
  });
});
