import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openTerminal } from "#cli/output/open-terminal.ts";
import { runCli } from "./run-cli.ts";

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));
// The whole environment that the CLI heeds, besides NO_COLOR and TERM.
const { CAUSEWAY_DATA_DIR, CAUSEWAY_URL, CAUSEWAY_TOKEN, CAUSEWAY_CA, XDG_CONFIG_HOME } = process.env;
const given = (text: string | undefined) => (text === "" ? undefined : text);

// `vpn user list | head` closes the pipe early; that is no failure.
process.stdout.on("error", () => process.exit(0));
const { version } = JSON.parse(readFileSync(join(rootDir, "package.json"), "utf8")) as { version: string };
const exitCode = await runCli(
  {
    rootDir,
    dataDir: resolve(rootDir, CAUSEWAY_DATA_DIR ?? ".data"),
    configDir: join(given(XDG_CONFIG_HOME) ?? join(homedir(), ".config"), "causeway"),
    env: { url: given(CAUSEWAY_URL), token: given(CAUSEWAY_TOKEN), ca: given(CAUSEWAY_CA) },
    now: Date.now,
    target: null,
    terminal: openTerminal(),
  },
  version,
  process.argv.slice(2),
);
// `up` has set the code of its own child already.
if (exitCode !== 0) process.exitCode = exitCode;
