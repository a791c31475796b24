import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { eventually, request, signIn, stackFile } from "./product.ts";

/** The real Redis and PostgreSQL, stopped in the middle of what they do. */
let cookie: string;
beforeAll(async () => {
  const { owner } = inject("stack").ready;
  cookie = await signIn(owner.name, owner.password ?? "");
  await eventually("the sign-in to be known", async () => (await visit(cookie)).status === 200);
});

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

/** Stops a program, then all it has started. Answers their pids. */
function stop(pid: number): number[] {
  if (!signal(pid, "SIGSTOP")) return [];
  const parents = readdirSync("/proc").flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${Number(name)}/stat`, "utf8");
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2])] as const];
    } catch {
      return [];
    }
  });
  const children = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return [pid, ...children.flatMap(stop)];
}

describe.each([
  ["Redis", ["redis"]],
  ["PostgreSQL", ["postgres"]],
  ["both", ["redis", "postgres"]],
])("with %s paused", (_what, programs) => {
  it("ForwardAuth answers in time, lets no stranger in and who is known go on, and recovers", async () => {
    // Known to every process of proxy-auth.
    await Promise.all(Array.from({ length: 30 }, () => visit(cookie)));
    const pids = programs.flatMap((name) => stop(stackFile().pids[name] ?? 0));
    expect(pids.length).toBeGreaterThan(programs.length - 1);
    try {
      const [known, ...strangers] = await Promise.all([visit(cookie), visit(unknown()), visit(unknown())]);
      expect(known.status).toBe(200);
      for (const { status, ms } of strangers) {
        expect([401, 503]).toContain(status);
        expect(ms).toBeLessThan(2_500);
      }
    } finally {
      for (const pid of pids) signal(pid, "SIGCONT");
    }
    await eventually("strangers to be told so", async () => (await visit(unknown())).status === 401, 10_000);
    await eventually("all to be as before", async () => (await visit(cookie)).status === 200, 10_000);
  });
});
