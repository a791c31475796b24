import { spawn } from "node:child_process";
import { StackError } from "#stack/stack-error.ts";

export type CommandResult = { code: number; stdout: string; stderr: string };

type CommandOptions = {
  cwd?: string;
  /** Added to our own environment. */
  env?: Record<string, string>;
  /** Replaces the whole environment. */
  onlyEnv?: Record<string, string>;
  uid?: number;
  gid?: number;
  input?: string;
};

/** Runs to the end and answers whatever the exit code was; a command that is not there has code 127. */
export function tryCommand(command: string, args: string[], options: CommandOptions = {}) {
  return new Promise<CommandResult>((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: (options.onlyEnv ?? { ...process.env, ...options.env }) as NodeJS.ProcessEnv,
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data.toString();
    });
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Like tryCommand, but a failure stops with the command's last lines and what to do. */
export async function runCommand(
  command: string,
  args: string[],
  what: string,
  options: CommandOptions = {},
) {
  const result = await tryCommand(command, args, options);
  if (result.code !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-12).join("\n");
    if (tail !== "") process.stderr.write(`${tail}\n`);
    throw new StackError(`${what} failed (exit code ${result.code}): see the lines above.`);
  }
  return result;
}
