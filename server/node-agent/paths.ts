import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "#server/errors.ts";

export type AgentPaths = ReturnType<typeof preparePaths>;

/** sun_path holds 108 bytes with its end; `.lock` stands beside the socket but is no socket. */
const MAX_SOCKET_PATH = 107;

/** The agent's directory (0700) and what lies in it. Makes the FIFO that Xray logs to. */
export function preparePaths(options: { stateDir: string; logDir: string }) {
  const directory = resolve(options.stateDir);
  const logDir = resolve(options.logDir);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  mkdirSync(logDir, { recursive: true, mode: 0o750 });
  const paths = {
    directory,
    config: join(directory, "xray.json"),
    settings: join(directory, "xray.settings"),
    pidFile: join(directory, "xray.pid"),
    apiSocket: join(directory, "api.sock"),
    reportSocket: join(directory, "report.sock"),
    realitySite: join(directory, "site.sock"),
    logPipe: join(directory, "log.pipe"),
    journal: join(directory, "usage.ndjson"),
    connections: join(directory, "connections.ndjson"),
    xrayOutput: join(logDir, "xray.out"),
  };
  if (Buffer.byteLength(paths.reportSocket) > MAX_SOCKET_PATH) {
    throw new AppError(
      "INVALID_INPUT",
      `STATE_DIR is too long for a unix socket: ${directory}. Use a shorter path.`,
    );
  }
  if (!existsSync(paths.logPipe)) execFileSync("mkfifo", ["-m", "600", paths.logPipe]);
  return paths;
}
