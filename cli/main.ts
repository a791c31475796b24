import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import type { Cli } from "./cli.ts";
import { connect } from "./connect.ts";
import { runCli } from "./run-cli.ts";

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));
const { env, stdin, stdout, stderr } = process;
// The whole environment that the CLI heeds.
const dataDir = resolve(rootDir, env.CAUSEWAY_DATA_DIR ?? ".data");
const isColored = stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";

const cli: Cli = {
  rootDir,
  dataDir,
  now: Date.now,
  connect: (options) => connect(dataDir, options),
  terminal: {
    out: (text) => stdout.write(`${text}\n`),
    error: (line) => stderr.write(`${line}\n`),
    columns: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
    isColored,
    ask: stdin.isTTY
      ? async (question) => {
          const lines = createInterface({ input: stdin, output: stderr });
          try {
            return await lines.question(question);
          } finally {
            lines.close();
          }
        }
      : null,
  },
};

// `vpn user list | head` closes the pipe early; that is no failure.
stdout.on("error", () => process.exit(0));
const { version } = JSON.parse(readFileSync(join(rootDir, "package.json"), "utf8")) as { version: string };
const exitCode = await runCli(cli, version, process.argv.slice(2));
// `up` has set the code of its own child already.
if (exitCode !== 0) process.exitCode = exitCode;
