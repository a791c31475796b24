import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Cli, ConnectOptions } from "#cli/cli.ts";
import { CliError, QuietExit } from "#cli/cli-error.ts";
import { connect } from "#cli/connection/connect.ts";
import { isInContainers, readStack } from "#cli/connection/read-stack.ts";
import { addConnection, defineUnconnected } from "#cli/define-command.ts";
import { checkFromAfar } from "#cli/doctor/check-from-afar.ts";
import { checkNodes } from "#cli/doctor/check-nodes.ts";
import { describeFindings } from "#cli/doctor/describe-findings.ts";
import { runStackDoctor } from "#cli/doctor/run-stack-doctor.ts";
import { withTemporaryUser } from "#cli/doctor/with-temporary-user.ts";
import type { ApiClient } from "#lib/api-client.ts";
import { FINDING_STATES, type Finding } from "#lib/schemas/doctor.ts";

/** In this order people read them: what everything stands on first. */
const ORDER = [
  ...[
    "Panel",
    "Programs",
    "Ports",
    "Reach",
    "Certificates",
    "Reality",
    "Database",
    "Redis",
    "Nodes",
    "Doors",
  ],
  ...["Metering", "Watching", "Machine", "Versions", "Files"],
];

export function doctor(parent: Command, cli: Cli): void {
  const command = parent
    .command("doctor")
    .description("Try everything from the outside in, and say for each failure what to do");
  defineUnconnected<object>(cli, addConnection(command), async ({ options, print }) => {
    const api = connectIfUp(cli, options);
    const stack = cli.target?.source === "stack" ? readStack(cli.dataDir) : null;
    // Containers are looked at from outside: their inner ports and processes are not this machine's.
    const isHere = api === null || (stack !== null && !isInContainers(stack));
    const findings = sort(
      isHere ? await checkHere(cli, api) : await checkFromAfar(cli, api, cli.target?.baseUrl ?? ""),
    );
    const isWell = !findings.some(({ state }) => state === "failure");
    if (options.json) print({ isWell, findings }, () => "");
    else print(findings, (value) => describeFindings(cli.terminal, value));
    if (!isWell) throw new QuietExit(3);
  });
}

/** null: an installation is here and does not run; that is for the doctor to say. */
function connectIfUp(cli: Cli, options: ConnectOptions): ApiClient | null {
  try {
    return connect(cli, options);
  } catch (error) {
    const isHere = options.url === undefined && cli.env.url === undefined;
    if (isHere && error instanceof CliError && existsSync(join(cli.dataDir, "settings.json"))) return null;
    throw error;
  }
}

async function checkHere(cli: Cli, api: ApiClient | null): Promise<Finding[]> {
  const { progress } = cli.terminal;
  let count = 0;
  const tell = ({ group }: Finding) => progress?.(`Looked at ${++count} things, the last among: ${group}…`);
  try {
    if (api === null) return await runStackDoctor(cli, null, tell);
    progress?.("Making a user to try the doors with…");
    return await withTemporaryUser(cli, api, async (user) => {
      const [local, nodes] = await Promise.all([
        runStackDoctor(cli, user, tell),
        user === null ? [] : checkNodes(api).catch(() => []),
      ]);
      return [...local, ...nodes];
    });
  } finally {
    progress?.("");
  }
}

/** Groups in reading order; within one, what is well comes first. */
function sort(findings: Finding[]): Finding[] {
  const place = ({ group }: Finding) => {
    const index = ORDER.indexOf(group);
    return index < 0 ? ORDER.length : index;
  };
  return findings.toSorted(
    (a, b) => place(a) - place(b) || FINDING_STATES.indexOf(a.state) - FINDING_STATES.indexOf(b.state),
  );
}
