import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { AppError } from "#server/errors.ts";
import type { XrayClient } from "#server/xray/client.ts";
import { writeFileAtomic } from "./files.ts";
import type { AgentPaths } from "./paths.ts";
import { findByArguments, isRunning, type ProcessIdentity, readStartTime } from "./proc.ts";

const run = promisify(execFile);
const START_TIMEOUT_MILLIS = 15_000;
/** 100 000 users are 25 MB, read in 1.5 s of an idle core: time for a busy one. */
const START_BYTES_A_MILLI = 1_000;
const STOP_TIMEOUT_MILLIS = 3_000;

/** Splice would hide a download's bytes until its end; strict JSON reads a big config faster. */
const XRAY_ENV = {
  XRAY_BUF_SPLICE: "disable",
  XRAY_JSON_STRICT: "true",
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;

/** One Xray in a session of its own, output in files, so that it outlives this agent; the next one adopts it. */
export class XrayProcess {
  readonly #binary: string;
  readonly #paths: AgentPaths;
  readonly #client: XrayClient;
  #identity: ProcessIdentity | null = null;
  #hasAnswered = false;

  constructor(options: { binary: string; paths: AgentPaths; client: XrayClient }) {
    this.#binary = options.binary;
    this.#paths = options.paths;
    this.#client = options.client;
  }

  get identity(): ProcessIdentity | null {
    return this.#identity && isRunning(this.#identity) ? this.#identity : null;
  }

  /** Runs, and answered on its API since it was started or adopted. */
  get isUp(): boolean {
    return this.#hasAnswered && this.identity !== null;
  }

  /** Names the running core in the journal. */
  get coreName(): string | null {
    const identity = this.identity;
    return identity && `${identity.pid}:${identity.startTime}`;
  }

  async readVersion(): Promise<string> {
    const { stdout } = await run(this.#binary, ["version"], { timeout: 10_000 }).catch((cause) => {
      throw new AppError("UNAVAILABLE", `XRAY_BIN cannot be run: ${this.#binary}`, { cause });
    });
    return /^Xray (\S+)/.exec(stdout)?.[1] ?? "unknown";
  }

  /** Takes over a running Xray of this state directory. More than one, or a deaf one, is ended. */
  async adopt(): Promise<boolean> {
    const found = findByArguments(this.#arguments());
    const [only] = found;
    if (found.length === 1 && only) {
      for (let attempt = 0; attempt < 5; attempt++) {
        try {
          await this.#client.getUptimeSeconds();
          this.#remember(only);
          this.#hasAnswered = true;
          return true;
        } catch {
          await sleep(200);
        }
      }
    }
    for (const identity of found) await end(identity);
    return false;
  }

  /** Refuses, in Xray's words, a configuration that it would not start with. */
  async test(config: string): Promise<void> {
    const path = `${this.#paths.config}.test.json`;
    writeFileSync(path, config, { mode: 0o600 });
    try {
      await run(this.#binary, ["run", "-test", "-c", path], { timeout: 30_000, env: XRAY_ENV });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new AppError("INVALID_INPUT", `Xray refuses these inbounds: ${lastLine(stdout + stderr)}`);
    } finally {
      rmSync(path, { force: true });
    }
  }

  async start(config: string): Promise<void> {
    await this.stop();
    writeFileAtomic(this.#paths.config, config);
    // Left behind by kill -9; with them Xray says "address already in use" or waits for ever.
    rmSync(this.#paths.apiSocket, { force: true });
    rmSync(`${this.#paths.apiSocket}.lock`, { force: true });
    const output = openSync(this.#paths.xrayOutput, "a", 0o600);
    // A reader end inside Xray itself: a log pipe without a reader would kill it.
    const pipe = openSync(this.#paths.logPipe, "r+");
    const from = statSync(this.#paths.xrayOutput).size;
    try {
      const child = spawn(this.#binary, this.#arguments(), {
        detached: true,
        stdio: ["ignore", output, output, pipe],
        env: XRAY_ENV,
        cwd: this.#paths.directory,
      });
      child.on("error", () => {});
      child.unref();
      if (child.pid === undefined)
        throw new AppError("UNAVAILABLE", `Xray cannot be started: ${this.#binary}`);
      this.#remember({ pid: child.pid, startTime: readStartTime(child.pid) ?? "0" });
    } finally {
      closeSync(output);
      closeSync(pipe);
    }
    await this.#waitUntilUp(from, START_TIMEOUT_MILLIS + config.length / START_BYTES_A_MILLI);
  }

  async #waitUntilUp(outputFrom: number, timeoutMillis: number): Promise<void> {
    const deadline = Date.now() + timeoutMillis;
    while (Date.now() < deadline) {
      if (this.identity === null) {
        const output = readFileSync(this.#paths.xrayOutput).subarray(outputFrom).toString();
        throw new AppError("UNAVAILABLE", `Xray ended at its start: ${lastLine(output)}`);
      }
      if (existsSync(this.#paths.apiSocket)) {
        try {
          await this.#client.getUptimeSeconds();
          this.#hasAnswered = true;
          return;
        } catch {
          // Its socket is there before it answers.
        }
      }
      await sleep(20);
    }
    await this.stop();
    throw new AppError(
      "UNAVAILABLE",
      `Xray did not answer on its API within ${Math.round(timeoutMillis / 1000)} s.`,
    );
  }

  async stop(): Promise<void> {
    for (const identity of findByArguments(this.#arguments())) await end(identity);
    this.#identity = null;
  }

  #arguments(): string[] {
    return ["run", "-c", this.#paths.config];
  }

  #remember(identity: ProcessIdentity): void {
    this.#identity = identity;
    this.#hasAnswered = false;
    writeFileAtomic(this.#paths.pidFile, JSON.stringify(identity));
  }
}

async function end(identity: ProcessIdentity): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const deadline = Date.now() + STOP_TIMEOUT_MILLIS;
    if (isRunning(identity)) process.kill(identity.pid, signal);
    while (isRunning(identity) && Date.now() < deadline) await sleep(20);
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.slice(0, 500) ?? "no output";
}
