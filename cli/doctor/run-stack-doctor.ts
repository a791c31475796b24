import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Cli } from "#cli/cli.ts";
import { CliError } from "#cli/cli-error.ts";
import { type Finding, findingSchema } from "#lib/schemas/doctor.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";

const TIMEOUT_MS = 90_000;

/** What stack/doctor.ts finds on this machine, told as it comes. */
export async function runStackDoctor(
  cli: Cli,
  user: UserSecrets | null,
  onFinding: (finding: Finding) => void,
): Promise<Finding[]> {
  const child = spawn(process.execPath, [join(cli.rootDir, "stack/doctor.ts")], {
    cwd: cli.rootDir,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, CAUSEWAY_DATA_DIR: cli.dataDir, NODE_NO_WARNINGS: "1" },
    timeout: TIMEOUT_MS,
  });
  let words = "";
  child.stderr.on("data", (data: Buffer) => {
    words += data.toString();
  });
  child.stdin.on("error", () => undefined);
  // Secrets go by stdin: others see arguments and environments.
  child.stdin.end(JSON.stringify({ user }));
  const findings: Finding[] = [];
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const finding = findingSchema.parse(JSON.parse(line));
    findings.push(finding);
    onFinding(finding);
  }
  const code = await ended;
  if (code !== 0 && findings.length === 0)
    throw new CliError(words.trim().split("\n").at(-1) ?? `the checks ended with code ${code}`);
  return findings;
}
