import { execFile, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { possibleTunnels } from "#server/proxy-auth/limits/limit-settings.ts";
import type { Peer } from "./peers.ts";
import { median, ROUNDS, type Row, SECONDS } from "./rounds.ts";
import { childrenOf, type Subject } from "./subject.ts";

const IDLE = Number(process.env.BENCH_IDLE ?? 10_000);
/** The first ten thousand set-ups run at half speed, until V8 has compiled them: a server's first minute. */
const WARM_UP_SECONDS = Number(process.env.BENCH_WARM_UP_SECONDS ?? 20);

type Contender = { name: string; kind: string; args: string[] };
type Measure = { name: string; mode: string; count: number; unit: "perSecond" | "megabytesPerSecond" };

const SETUPS: Measure = { name: "set-ups/s", mode: "setup", count: 64, unit: "perSecond" };
const BULK: Measure = { name: "MB/s down, 4 tunnels", mode: "bulk", count: 4, unit: "megabytesPerSecond" };
const PLAIN: Measure = { name: "plain GET 1 KiB/s", mode: "get", count: 64, unit: "perSecond" };

export function benchTunnels(load: string, subject: Subject, peers: readonly Peer[], target: string): Row[] {
  const password = ["-user", subject.user.name, "-pass", subject.user.password];
  const own = (kind: "connect" | "socks"): Contender => {
    const port = kind === "connect" ? subject.ports.http : subject.ports.socks;
    return {
      name: "ours",
      kind,
      args: ["-kind", kind, "-proxy", `127.0.0.1:${port}`, "-proxy-protocol", ...password],
    };
  };
  const viaTraefik: Contender = {
    name: "ours through Traefik",
    kind: "connect",
    args: ["-kind", "connect", "-proxy", subject.httpProxy, ...password],
  };
  const direct: Contender = { name: "no proxy at all", kind: "direct", args: ["-kind", "direct"] };
  const theirs = (kind: "connect" | "socks") =>
    peers
      .filter((peer) => peer.kind === kind)
      .map((peer) => ({
        name: peer.name,
        kind,
        args: ["-kind", kind, "-proxy", `127.0.0.1:${peer.port}`, ...peer.login],
      }));
  const run = (measure: Measure, contender: Contender): number => {
    const args = ["-mode", measure.mode, "-c", String(measure.count), "-d", `${SECONDS}s`, "-target", target];
    const output = execFileSync(load, [...args, ...contender.args], { encoding: "utf8" });
    const result = JSON.parse(output) as Record<Measure["unit"] | "failed", number>;
    if (result.failed > 0)
      console.warn(`  ${contender.name}: ${result.failed} attempts failed (${measure.name})`);
    return result[measure.unit];
  };
  const warmUp = (measure: Measure, contender: Contender) => {
    for (let second = 0; second < WARM_UP_SECONDS; second += SECONDS) run(measure, contender);
  };
  const compare = (measure: Measure, label: string, mine: Contender, others: Contender[]): Row[] => {
    if (measure !== BULK) warmUp(measure, mine);
    const rounds = Array.from({ length: ROUNDS }, () => {
      const ours = run(measure, mine);
      return { ours, theirs: others.map((other) => run(measure, other)) };
    });
    return others.map((other, i) => ({
      measure: `${label} ${measure.name}`,
      ours: median(rounds.map(({ ours }) => ours)),
      peer: other.name,
      theirs: median(rounds.map(({ theirs }) => theirs[i] ?? 0)),
      ratio: median(rounds.map(({ ours, theirs }) => ours / (theirs[i] ?? 1))),
      ...targetOf(label, measure, other.name),
    }));
  };
  return [
    ...compare(SETUPS, "CONNECT", own("connect"), [...theirs("connect"), direct]),
    ...compare(SETUPS, "SOCKS5", own("socks"), theirs("socks")),
    ...compare(SETUPS, "through Traefik, CONNECT", viaTraefik, [own("connect")]),
    ...compare(BULK, "CONNECT", own("connect"), [...theirs("connect"), ...theirs("socks"), direct]),
    ...compare(BULK, "SOCKS5", own("socks"), theirs("socks")),
    ...compare(BULK, "through Traefik, CONNECT", viaTraefik, [own("connect")]),
    ...compare(PLAIN, "HTTP", own("connect"), [...theirs("connect"), direct]),
  ];
}

/** A user who may move 10 Mbit/s, by four tunnels, and what that costs another user meanwhile. */
export async function benchLimited(load: string, subject: Subject, target: string): Promise<Row[]> {
  const run = (user: { name: string; password: string }, kind: "connect" | "socks") => {
    const port = kind === "connect" ? subject.ports.http : subject.ports.socks;
    const args = ["-mode", "bulk", "-c", "4", "-d", `${4 * SECONDS}s`, "-target", target, "-kind", kind];
    const login = [
      "-proxy",
      `127.0.0.1:${port}`,
      "-proxy-protocol",
      "-user",
      user.name,
      "-pass",
      user.password,
    ];
    return promisify(execFile)(load, [...args, ...login]).then(
      ({ stdout }) => (JSON.parse(stdout) as { megabytesPerSecond: number }).megabytesPerSecond,
    );
  };
  const rates: number[] = [];
  const beside: { ours: number; theirs: number }[] = [];
  for (const kind of ["connect", "socks", "connect"] as const) {
    const theirs = await run(subject.user, kind);
    const [limited, ours] = await Promise.all([run(subject.slowUser, kind), run(subject.user, kind)]);
    rates.push(limited);
    beside.push({ ours, theirs });
  }
  const limit = 10 / 8;
  const worst = rates.reduce((a, b) => (Math.abs(a - limit) > Math.abs(b - limit) ? a : b));
  const ratios = beside.map(({ ours, theirs }) => ours / theirs);
  return [
    {
      measure: "a user limited to 10 Mbit/s, MB/s, worst of three",
      ours: worst,
      peer: "the limit",
      theirs: limit,
      ratio: worst / limit,
    },
    {
      measure: "another user meanwhile, MB/s down",
      ours: median(beside.map(({ ours }) => ours)),
      peer: "the same alone",
      theirs: median(beside.map(({ theirs }) => theirs)),
      ratio: median(ratios),
    },
  ];
}

/** Bytes of resident memory that one idle tunnel costs, over all of the program's processes. */
export async function benchIdle(load: string, subject: Subject, target: string): Promise<string> {
  const before = residentBytes(subject.pid);
  const wanted = Math.min(IDLE, subject.workers * possibleTunnels());
  const users = [subject.user, ...subject.others];
  const holders = users.map(({ name, password }) => {
    const args = [
      "-mode",
      "idle",
      "-c",
      String(Math.floor(wanted / users.length)),
      "-kind",
      "connect",
      "-target",
      target,
    ];
    const login = [
      "-proxy",
      `127.0.0.1:${subject.ports.http}`,
      "-proxy-protocol",
      "-user",
      name,
      "-pass",
      password,
    ];
    return spawn(load, [...args, ...login], { stdio: ["pipe", "pipe", "inherit"] });
  });
  const counts = await Promise.all(
    holders.map(
      ({ stdout }) => new Promise<number>((resolve) => stdout.once("data", (line) => resolve(Number(line)))),
    ),
  );
  const open = counts.reduce((sum, count) => sum + count, 0);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const each = (residentBytes(subject.pid) - before) / open;
  for (const { stdin } of holders) stdin.end();
  return `${(each / 1000).toFixed(1)} kB of memory a tunnel, ${open} idle (target: at most 20 kB)`;
}

/** Of a process and its children. */
function residentBytes(pid: number): number {
  const pids = [pid, ...childrenOf(pid)];
  return pids.reduce((sum, one) => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/status`, "utf8")) ?? [];
    return sum + Number(kilobytes ?? 0) * 1024;
  }, 0);
}

const TARGETS: Record<string, number> = {
  "CONNECT set-ups/s squid": 1.2,
  "CONNECT set-ups/s tinyproxy": 1,
  "SOCKS5 set-ups/s microsocks": 1.1,
  "SOCKS5 set-ups/s danted": 1.5,
  "CONNECT MB/s down, 4 tunnels squid": 1.5,
  "CONNECT MB/s down, 4 tunnels danted": 1.2,
  "HTTP plain GET 1 KiB/s tinyproxy": 1.2,
  "HTTP plain GET 1 KiB/s squid": 0.8,
};

function targetOf(label: string, measure: Measure, peer: string): { target?: number } {
  const target = TARGETS[`${label} ${measure.name} ${peer}`];
  return target === undefined ? {} : { target };
}
