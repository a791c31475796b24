import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand, tryCommand } from "#stack/run-command.ts";
import { aptInstall } from "#stack/tools/apt.ts";
import { buildDockerCompose } from "#stack/tools/docker-compose.ts";

const BRIDGE = "causeway-t0";
/** The host's address on the engine's own bridge: what containers dial to reach the test's origin. */
export const HOST_ADDRESS = "172.31.254.1";

export type Engine = {
  env: Record<string, string>;
  docker: (...args: string[]) => Promise<string>;
  stop: () => Promise<void>;
};

/** A Docker engine of this test's own: its own data, socket and bridge. Throws, in words, where none can run. */
export async function startEngine(directory: string): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new Error("a Docker engine needs root");
  if ((await tryCommand("dockerd", ["--version"])).code !== 0) await aptInstall(["docker.io"], "dockerd");
  const plugin = await buildDockerCompose();
  mkdirSync(join(directory, "client/cli-plugins"), { recursive: true });
  symlinkSync(plugin, join(directory, "client/cli-plugins/docker-compose"));
  await makeBridge();
  const socket = `unix://${join(directory, "engine.sock")}`;
  const logFile = join(directory, "engine.log");
  const log = openSync(logFile, "a");
  const args = [
    ...["--data-root", join(directory, "data"), "--exec-root", join(directory, "exec")],
    ...["--pidfile", join(directory, "engine.pid"), "-H", socket, "--bridge", BRIDGE],
  ];
  const child = spawn("dockerd", args, { stdio: ["ignore", log, log], detached: true });
  const env = {
    DOCKER_HOST: socket,
    DOCKER_CONFIG: join(directory, "client"),
    DOCKER_BUILDKIT: "1",
    BUILDKIT_PROGRESS: "plain",
  };
  const docker = async (...parameters: string[]) =>
    (await runCommand("docker", parameters, `docker ${parameters[0]}`, { env })).stdout.trim();
  const stop = () => stopEngine(child, directory, env);
  const until = Date.now() + 30_000;
  while ((await tryCommand("docker", ["info"], { env })).code !== 0) {
    if (child.exitCode !== null || Date.now() > until) {
      const words = readFileSync(logFile, "utf8").trim().split("\n").slice(-3).join(" | ");
      await stop();
      throw new Error(`dockerd does not start here: ${words}`);
    }
    await sleep(200);
  }
  return { env, docker, stop };
}

async function makeBridge(): Promise<void> {
  await tryCommand("ip", ["link", "del", BRIDGE]);
  for (const args of [
    ["link", "add", BRIDGE, "type", "bridge"],
    ["addr", "add", `${HOST_ADDRESS}/24`, "dev", BRIDGE],
    ["link", "set", BRIDGE, "up"],
  ]) {
    const { code, stderr } = await tryCommand("ip", args);
    if (code !== 0) throw new Error(`no network bridge can be made here: ${stderr.trim()}`);
  }
}

async function stopEngine(
  child: ChildProcess,
  directory: string,
  env: Record<string, string>,
): Promise<void> {
  const containers = (await tryCommand("docker", ["ps", "-aq"], { env })).stdout.split("\n").filter(Boolean);
  if (containers.length > 0) await tryCommand("docker", ["rm", "-f", ...containers], { env });
  await tryCommand("docker", ["network", "prune", "-f"], { env });
  if (child.exitCode === null) {
    child.kill("SIGTERM");
    const until = Date.now() + 20_000;
    while (child.exitCode === null && Date.now() < until) await sleep(100);
    if (child.exitCode === null) child.kill("SIGKILL");
  }
  await tryCommand("ip", ["link", "del", BRIDGE]);
  // dockerd leaves it where it was ended while containers came up.
  await tryCommand("umount", ["-l", join(directory, "exec/netns/default")]);
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 });
}
