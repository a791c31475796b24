import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { logPath, outPath } from "#stack/paths.ts";
import { StackError } from "#stack/stack-error.ts";

/** Null when it is ready, else in words why not. */
export async function whyNotReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const text = await response.text();
    return response.ok ? null : text.slice(0, 200) || `status ${response.status}`;
  } catch (error) {
    const cause = (error as Error).cause;
    return cause instanceof Error ? cause.message : (error as Error).message;
  }
}

/** Waits for all; the first that is not ready in time is named together with the end of its log. */
export async function waitReady(urls: Record<string, string>, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  await Promise.all(
    Object.entries(urls).map(async ([name, url]) => {
      for (;;) {
        const reason = await whyNotReady(url);
        if (reason === null) return;
        if (Date.now() > deadline) throw notReady(name, reason);
        await sleep(100);
      }
    }),
  );
}

export async function waitPort(name: string, port: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw notReady(name, `nothing listens on 127.0.0.1:${port}`);
    await sleep(50);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").trimEnd() : "");

function notReady(name: string, reason: string): StackError {
  const path = [outPath(name), logPath(name)].find((file) => textOf(file) !== "") ?? logPath(name);
  const tail = textOf(path).split("\n").slice(-8).join("\n");
  if (tail !== "") process.stderr.write(`${tail}\n`);
  return new StackError(`${name} does not get ready (${reason}). Read ${path}.`);
}
