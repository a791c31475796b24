import { connect } from "../connect.ts";
import { runCli } from "../run-cli.ts";

type Options = {
  /** Holds stack.json and secrets/cli.token. */
  dataDir: string;
  columns?: number;
  /** What a person types when asked; left out: nobody is there. */
  answer?: string | undefined;
  now?: number;
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
      connect: (where) => connect(dataDir, where),
      terminal: {
        out: (text) => out.push(text),
        error: (line) => errors.push(line),
        columns: options.columns ?? Number.POSITIVE_INFINITY,
        isColored: false,
        ask: answer === undefined ? null : async () => answer,
      },
    },
    "0.1.0",
    args,
  );
  return { code, out: out.join("\n"), errors };
}
