import { join } from "node:path";
import { runCli } from "../run-cli.ts";

type Options = {
  /** Holds stack.json and secrets/cli.token. */
  dataDir: string;
  columns?: number;
  /** What a person types when asked; left out: nobody is there. */
  answer?: string | undefined;
  now?: number;
  /** What stdin holds. */
  input?: string;
  isColored?: boolean;
  env?: { url?: string; token?: string; ca?: string };
};

/** One command line in this process, with what it wrote. */
export async function runVpn(args: string[], options: Options) {
  const out: string[] = [];
  const errors: string[] = [];
  const { dataDir, answer } = options;
  const code = await runCli(
    {
      rootDir: dataDir,
      dataDir,
      now: () => options.now ?? Date.now(),
      configDir: join(dataDir, "config"),
      env: options.env ?? {},
      target: null,
      terminal: {
        out: (text) => out.push(text),
        error: (line) => errors.push(line),
        columns: options.columns ?? Number.POSITIVE_INFINITY,
        isColored: options.isColored ?? false,
        ask: answer === undefined ? null : async () => answer,
        askSecret: answer === undefined ? null : async () => answer,
        readInput: async () => options.input ?? "",
        progress: null,
        clear: null,
      },
    },
    "0.1.0",
    args,
  );
  return { code, out: out.join("\n"), errors };
}
