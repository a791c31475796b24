import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { logPath, outPath } from "#stack/paths.ts";
import { removeStaleLock } from "#stack/postgres/stale-lock.ts";
import { identify, isAlive, type ProcessIdentity, stopProcesses } from "#stack/process-table.ts";
import type { ProgramSpec } from "#stack/supervisor/protocol.ts";

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;
/** Having run this long counts as healthy: the next restart is quick again. */
const HEALTHY_MS = 10_000;

/** How long to wait before start number `attempt` (from 1) in a row of early deaths. */
export const restartDelayMs = (attempt: number) =>
  Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);

export type KeeperEvents = { onChange: () => void; onLog: (line: string) => void };

/** Keeps one program running: starts it again whenever it dies, a little later each time it dies young. */
export class Keeper {
  readonly spec: ProgramSpec;
  identity: ProcessIdentity | null = null;
  private readonly events: KeeperEvents;
  private timer: NodeJS.Timeout | undefined;
  private earlyDeaths = 0;
  private isStopping = false;

  constructor(spec: ProgramSpec, events: KeeperEvents) {
    this.spec = spec;
    this.events = events;
  }

  start(): void {
    if (this.isStopping) return;
    if (this.spec.postgresDirectory !== null) removeStaleLock(this.spec.postgresDirectory);
    const startedAt = Date.now();
    const child = this.spawn();
    // A command that cannot be run has no pid and says so by "error"; one that ran says "exit".
    child.once("error", (error) => this.restart(startedAt, error.message));
    child.once("exit", (code, signal) => this.restart(startedAt, signal ?? `exit code ${code}`));
    this.identity = child.pid === undefined ? null : identify(child.pid);
    if (child.pid !== undefined) this.events.onLog(`${this.spec.name} started, pid ${child.pid}`);
    this.events.onChange();
  }

  /** Output goes straight to the file: a pipe would break with the supervisor. */
  private spawn(): ChildProcess {
    const log = openSync((this.spec.hasOwnLog ? outPath : logPath)(this.spec.name), "a", 0o600);
    try {
      return spawn(this.spec.command, this.spec.args, {
        cwd: this.spec.cwd,
        env: this.spec.env as NodeJS.ProcessEnv,
        stdio: ["ignore", log, log],
        detached: true,
      });
    } finally {
      closeSync(log);
    }
  }

  private restart(startedAt: number, reason: string): void {
    this.identity = null;
    if (this.isStopping) return;
    this.earlyDeaths = Date.now() - startedAt >= HEALTHY_MS ? 1 : this.earlyDeaths + 1;
    const delay = restartDelayMs(this.earlyDeaths);
    this.events.onLog(`${this.spec.name} ended (${reason}), starting it again in ${delay} ms`);
    this.events.onChange();
    this.timer = setTimeout(() => this.start(), delay);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    if (this.identity === null || !isAlive(this.identity)) return;
    await stopProcesses([this.identity], { signal: this.spec.stopSignal, patienceMs: this.spec.patienceMs });
    this.events.onLog(`${this.spec.name} stopped`);
  }
}
