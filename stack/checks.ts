import { type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "#stack/paths.ts";
import { say } from "#stack/progress.ts";
import { describeTrouble, type RunReport, runReportSchema } from "#stack/run-report.ts";

export type Outcome = { name: string; passed: number; failed: number; seconds: number; report?: RunReport };

const bin = (name: string) => join(ROOT, "node_modules/.bin", name);

/** Shows the command's own output on stderr and resolves to its exit code. */
export function show(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const options: SpawnOptions = {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  };
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    child.on("error", (error) => {
      say(error.message);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function timed(name: string, work: () => Promise<Omit<Outcome, "name" | "seconds">>): Promise<Outcome> {
  say(`\n── ${name}`);
  const started = performance.now();
  const counts = await work();
  return { name, ...counts, seconds: (performance.now() - started) / 1_000 };
}

/** A command that passes or fails as a whole. */
export function check(name: string, commands: [command: string, ...args: string[]][]): Promise<Outcome> {
  return timed(name, async () => {
    let failed = 0;
    for (const [command, ...args] of commands) if ((await show(bin(command), args)) !== 0) failed++;
    return { passed: commands.length - failed, failed };
  });
}

/** A Vitest run, counted by its own report; a run that broke down counts as one failure at least. */
export function vitest(name: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return timed(name, async () => {
    const file = join(mkdtempSync(join(tmpdir(), "causeway-report-")), "report.json");
    const reporters = ["--reporter=default", "--reporter=./stack/report-run.ts", `--outputFile=${file}`];
    const code = await show(bin("vitest"), ["run", ...args, ...reporters], env);
    const report = existsSync(file)
      ? runReportSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data
      : undefined;
    const { passed = 0, failed = 0 } = report ?? {};
    return { passed, failed: code === 0 ? failed : Math.max(failed, 1), ...(report && { report }) };
  });
}

/** The native compiler, by path: the older one beside it is there for tools that need its JavaScript API. */
export const types = () =>
  check("types", [["node", join(ROOT, "node_modules/typescript-native/lib/tsc.js"), "-p", "."]]);
export const lint = () =>
  check("lint", [
    ["biome", "check", "."],
    [
      "depcruise",
      "--config",
      ".dependency-cruiser.mjs",
      "app",
      "components",
      "server",
      "lib",
      "cli",
      "stack",
    ],
    ["knip"],
  ]);
export const unit = () => vitest("unit tests", []);
/** Without those that wait for real time or start real programs more than once: `*.slow.test.ts`. */
export const quickUnit = () => vitest("unit tests but the slow ones", ["--exclude", "**/*.slow.test.ts"]);

/** The closing lines, which say what failed without the log above them; exit code 1 when anything did. */
export function conclude(outcomes: Outcome[]): never {
  say("");
  for (const { name, passed, failed, seconds } of outcomes)
    say(`${failed === 0 ? "✓" : "✗"} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(0)} s)`);
  for (const line of describeTrouble(outcomes.flatMap(({ report }) => report ?? []))) say(line);
  const sum = (key: "passed" | "failed") => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  process.exit(sum("failed") === 0 ? 0 : 1);
}
