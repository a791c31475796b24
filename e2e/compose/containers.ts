import { execFile } from "node:child_process";
import { inject } from "vitest";
import { z } from "zod";
import { runCommand } from "#stack/run-command.ts";

export type Container = {
  id: string;
  service: string;
  state: string;
  health: string;
  exitCode: number;
  address: string;
};

const { checkout, env } = inject("compose");
const options = { cwd: checkout, env };

/** `docker compose …` in the checkout. */
export const compose = async (...args: string[]): Promise<string> =>
  (
    await runCommand(
      "docker",
      ["compose", "--ansi", "never", "--progress", "plain", ...args],
      "docker compose",
      options,
    )
  ).stdout;

export const docker = async (...args: string[]): Promise<string> =>
  (await runCommand("docker", args, `docker ${args[0]}`, options)).stdout.trim();

/** The server's own ./vpn, without Node beside it. */
export function vpnOnServer(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      "./vpn",
      args,
      { cwd: checkout, env: { ...process.env, ...env }, timeout: 240_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

const inspectedSchema = z.array(
  z.object({
    Id: z.string(),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    State: z.object({
      Status: z.string(),
      ExitCode: z.number(),
      Health: z.object({ Status: z.string() }).optional(),
    }),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
  }),
);

export async function listContainers(): Promise<Container[]> {
  const ids = (await compose("ps", "-aq")).split("\n").filter(Boolean);
  if (ids.length === 0) return [];
  return inspectedSchema.parse(JSON.parse(await docker("inspect", ...ids))).map((one) => ({
    id: one.Id,
    service: one.Config.Labels["com.docker.compose.service"] ?? "",
    state: one.State.Status,
    health: one.State.Health?.Status ?? "none",
    exitCode: one.State.ExitCode,
    address: Object.values(one.NetworkSettings.Networks)[0]?.IPAddress ?? "",
  }));
}

/** Services that do not run, or whose health check is not green; the one-shot has ended well. */
export async function listUnhealthy(): Promise<string[]> {
  const containers = await listContainers();
  return containers
    .filter(({ service, state, health, exitCode }) =>
      service === "migrate"
        ? exitCode !== 0
        : state !== "running" || (health !== "healthy" && health !== "none"),
    )
    .map(({ service, state, health }) => `${service}: ${state}, ${health}`);
}

/** kill -9 of a container's first process from outside: a crash, not an operator's `docker kill`. */
export async function crash(id: string): Promise<void> {
  process.kill(Number(await docker("inspect", "--format", "{{.State.Pid}}", id)), "SIGKILL");
}
