import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";

const MOST = 100;

/** What the completion scripts ask for; not shown in the help. */
export function names(program: Command, cli: Cli): void {
  const command = program
    .command("names", { hidden: true })
    .description("Names of users or nodes that begin so, for completion")
    .argument("<kind>")
    .argument("[prefix]");
  defineCommand(cli, command, async ({ api, print }, kind, prefix = "") => {
    const all =
      kind === "node"
        ? (await api.listNodes()).items
        : (await api.listUsers({ limit: MOST, sort: "name", ...(prefix === "" ? {} : { query: prefix }) }))
            .items;
    const found = all.map(({ name }) => name).filter((name) => name.startsWith(prefix));
    if (found.length > 0) print(found, (list) => list.join("\n"));
  });
}
