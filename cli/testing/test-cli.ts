import type { Cli } from "#cli/cli.ts";

/** A command line that stands nowhere, for looking at the tree of commands. */
export function makeIdleCli(): Cli {
  return {
    rootDir: "/nowhere",
    dataDir: "/nowhere/.data",
    configDir: "/nowhere/config",
    env: {},
    target: null,
    now: () => 0,
    terminal: {
      out: () => undefined,
      error: () => undefined,
      columns: 100,
      isColored: false,
      ask: null,
      askSecret: null,
      readInput: async () => "",
      progress: null,
      clear: null,
    },
  };
}
