import { connect } from "node:net";
import { z } from "zod";
import { isAlive } from "#cli/connection/find-dead-programs.ts";
import type { Stack } from "#cli/connection/read-stack.ts";
import type { ProgramLine } from "./status-report.ts";

const TIMEOUT_MS = 1_500;
const readinessSchema = z.object({ missing: z.array(z.string()).default([]) });

/** Where each program of this machine says whether it can do its job. */
const READY: Record<string, { port: string; path: string }> = {
  traefik: { port: "traefik-metrics", path: "/ping" },
  web: { port: "web-internal", path: "/readyz" },
  controller: { port: "controller", path: "/readyz" },
  "proxy-auth": { port: "forward-auth", path: "/readyz" },
  "node-agent": { port: "agent-health", path: "/readyz" },
  prometheus: { port: "prometheus", path: "/-/ready" },
};
const LISTENING: Record<string, string> = { postgres: "postgres", redis: "redis" };
const ORDER = ["traefik", "web", "controller", "proxy-auth", "node-agent", "xray", "postgres", "redis"];

/** Asks every program of this machine itself, so that it works without the panel. */
export async function askLocalPrograms(stack: Stack): Promise<ProgramLine[]> {
  const names = [...new Set([...ORDER, "prometheus", ...Object.keys(stack.pids)])];
  const lines = await Promise.all(names.map((name) => askProgram(name, stack)));
  return lines.filter((line) => line.state !== "unknown");
}

async function askProgram(name: string, { ports, pids }: Stack): Promise<ProgramLine> {
  const pid = pids[name];
  const hasEnded = pid !== undefined && !isAlive(pid);
  const line = (state: ProgramLine["state"], detail: string | null): ProgramLine => ({ name, state, detail });
  const ready = READY[name];
  const readyPort = ready && ports[ready.port];
  if (ready !== undefined && readyPort !== undefined) {
    const answer = await askReadiness(`http://127.0.0.1:${readyPort}${ready.path}`);
    if (answer === "silent")
      return line("down", hasEnded ? "its process has ended" : `nothing answers on 127.0.0.1:${readyPort}`);
    return answer === null ? line("up", null) : line("unready", answer);
  }
  const listening = ports[LISTENING[name] ?? ""];
  if (listening !== undefined) {
    if (await isListening(listening)) return line("up", null);
    return line("down", hasEnded ? "its process has ended" : `nothing listens on 127.0.0.1:${listening}`);
  }
  if (pid === undefined) return name === "xray" ? line("down", "it does not run") : line("unknown", null);
  return hasEnded ? line("down", "its process has ended") : line("up", null);
}

/** null: ready; else in words what it waits for. */
async function askReadiness(url: string): Promise<string | null | "silent"> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "manual" });
    const text = await response.text();
    if (response.ok) return null;
    const parsed = readinessSchema.safeParse(parseJson(text));
    const missing = parsed.success ? parsed.data.missing : [];
    return missing.length > 0 ? `waits for ${missing.join(", ")}` : `its check answers ${response.status}`;
  } catch {
    return "silent";
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: TIMEOUT_MS });
    const settle = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
    socket.once("timeout", () => settle(false));
  });
}
