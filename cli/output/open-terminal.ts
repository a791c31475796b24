import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Terminal } from "#cli/terminal.ts";

const NOWHERE = new Writable({ write: (_chunk, _encoding, done) => done() });

/** The terminal this process stands in. */
export function openTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isPlain = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  async function question(words: string, isSecret: boolean): Promise<string> {
    if (isSecret) stderr.write(words);
    const output = isSecret ? NOWHERE : stderr;
    const lines = createInterface({ input: stdin, output, terminal: stdin.isTTY === true });
    lines.on("SIGINT", () => process.exit(130));
    try {
      return await lines.question(isSecret ? "" : words);
    } finally {
      lines.close();
      if (isSecret) stderr.write("\n");
    }
  }
  return {
    out: (line) => stdout.write(`${line}\n`),
    error: (line) => stderr.write(`${line}\n`),
    columns: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
    isColored: stdout.isTTY === true && !isPlain,
    ask: stdin.isTTY ? (words) => question(words, false) : null,
    askSecret: stdin.isTTY ? (words) => question(words, true) : null,
    readInput: () => text(stdin),
    // A line that is written over; on a dumb terminal and in a pipe nobody could read it.
    progress:
      stderr.isTTY && env.TERM !== "dumb"
        ? (line) => stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`)
        : null,
    clear: stdout.isTTY && env.TERM !== "dumb" ? () => stdout.write("\u001b[H\u001b[2J\u001b[3J") : null,
  };
}
