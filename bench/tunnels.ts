import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Peer } from "./peers.ts";
import type { Subject } from "./subject.ts";

/** Short runs by turns, and the median of the ratios within each round: neighbours come and go on any machine. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
const IDLE = Number(process.env.BENCH_IDLE ?? 10_000);

export type Row = {
  measure: string;
  ours: number;
  peer: string;
  theirs: number;
  ratio: number;
  target?: number;
};
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
  const compare = (measure: Measure, label: string, mine: Contender, others: Contender[]): Row[] => {
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

/** Bytes of resident memory that one idle tunnel costs, over all of the program's processes. */
export async function benchIdle(load: string, subject: Subject, target: string): Promise<string> {
  const before = residentBytes(subject.pid);
  const args = [
    "-mode",
    "idle",
    "-c",
    String(IDLE),
    "-kind",
    "connect",
    "-proxy",
    `127.0.0.1:${subject.ports.http}`,
  ];
  const login = [
    "-proxy-protocol",
    "-user",
    subject.user.name,
    "-pass",
    subject.user.password,
    "-target",
    target,
  ];
  const child = spawn(load, [...args, ...login], { stdio: ["pipe", "pipe", "inherit"] });
  const open = await new Promise<number>((resolve) =>
    child.stdout.once("data", (line) => resolve(Number(line))),
  );
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const each = (residentBytes(subject.pid) - before) / open;
  child.stdin.end();
  return `${(each / 1000).toFixed(1)} kB a tunnel, ${open} idle (target: at most 20 kB)`;
}

/** Of a process and its children. */
function residentBytes(pid: number): number {
  const pids = [
    pid,
    ...readdirSync("/proc")
      .map(Number)
      .filter((child) => child > 0 && parentOf(child) === pid),
  ];
  return pids.reduce((sum, one) => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/status`, "utf8")) ?? [];
    return sum + Number(kilobytes ?? 0) * 1024;
  }, 0);
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
