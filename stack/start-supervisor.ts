import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { logPath, ROOT } from "#stack/paths.ts";
import type { Message } from "#stack/supervisor/protocol.ts";

export type SupervisorHandle = {
  send(message: Message): Promise<void>;
  /** From here on it lives without us. */
  release(): void;
};

/** The supervisor in a session of its own; until it is released, it ends everything when we go away. */
export function startSupervisor(): SupervisorHandle {
  const log = openSync(logPath("supervisor"), "a", 0o600);
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, "stack/supervise.ts")], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const send = (message: Message) =>
    new Promise<void>((resolve, reject) => {
      child.send(message, (error) => (error ? reject(error) : resolve()));
    });
  return {
    send,
    release() {
      child.disconnect();
      child.unref();
    },
  };
}
