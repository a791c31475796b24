import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { eventually, request, signIn, stackFile } from "./product.ts";

/** The real Redis and PostgreSQL, stopped in the middle of what they do. */
const KNOWN_FOR_MS = 5_000;

const dashboard = () => `https://127.0.0.1:${stackFile().ports.dashboard}/api/version`;
const unknown = () => `__Host-causeway=${randomBytes(32).toString("base64url")}`;
async function visit(cookie: string) {
  const started = performance.now();
  const { status } = await request(dashboard(), { headers: { cookie } });
  return { status, ms: performance.now() - started };
}

/** False: it has ended by itself, as helpers of Postgres do. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return pid > 1 && process.kill(pid, name);
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${Number(name)}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Stops a program, then all it has started. Answers their pids. */
const stop = (pid: number): number[] =>
  signal(pid, "SIGSTOP") ? [pid, ...childrenOf(pid).flatMap(stop)] : [];

/** What a session that was seen just now gets while these are paused, and what made-up ones get. */
async function askWhilePaused(programs: readonly string[]) {
  const { owner } = inject("stack").ready;
  const cookie = await signIn(owner.name, owner.password ?? "");
  const seenAt = performance.now();
  await eventually("the sign-in to be known", async () => (await visit(cookie)).status === 200);
  // Known to the processes of proxy-auth: which of them gets which connection is the kernel's choice.
  await Promise.all(Array.from({ length: 30 }, () => visit(cookie)));
  const stopped: number[] = [];
  try {
    for (const name of programs) stopped.push(...stop(stackFile().pids[name] ?? 0));
    expect(stopped.length).toBeGreaterThan(programs.length - 1);
    const [strangers, known] = await Promise.all([
      Promise.all([visit(unknown()), visit(unknown())]),
      Promise.all(Array.from({ length: 8 }, () => visit(cookie))),
    ]);
    return { cookie, strangers, known, isInTime: performance.now() - seenAt < KNOWN_FOR_MS };
  } finally {
    for (const pid of stopped) signal(pid, "SIGCONT");
  }
}

describe.each([
  ["Redis", ["redis"]],
  ["PostgreSQL", ["postgres"]],
  ["both", ["redis", "postgres"]],
])("with %s paused", (_what, programs) => {
  it("ForwardAuth answers in time, lets no stranger in and who is known go on, and recovers", async () => {
    let seen = await askWhilePaused(programs);
    // Known is who was seen in the last five seconds: on a machine that takes longer to ask, nobody can tell.
    for (let more = 4; more > 0 && !seen.isInTime; more--) seen = await askWhilePaused(programs);
    const { cookie, known, strangers } = seen;
    const statuses = known.map(({ status }) => status);
    const workers = childrenOf(stackFile().pids["proxy-auth"] ?? 0).length;
    // A process that has not met this session vouches for nobody: with several, the connections decide.
    if (workers === 1) expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses).toContain(200);
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    for (const { status } of strangers) expect([401, 503]).toContain(status);
    for (const { ms } of [...known, ...strangers]) expect(ms).toBeLessThan(2_500);
    await eventually("strangers to be told so", async () => (await visit(unknown())).status === 401);
    await eventually("all to be as before", async () => (await visit(cookie)).status === 200);
  });
});
