import type { Command } from "commander";
import { EXAMPLES } from "#cli/help/examples.ts";
import { paint, type Terminal } from "#cli/terminal.ts";

const GROUPS: Record<string, readonly string[]> = {
  "How it does:": ["status", "doctor", "usage", "audit", "logs", "trace", "job"],
  "People and machines:": ["user", "group", "access", "node"],
  "Your own access:": ["login", "logout", "token", "session"],
  "This server:": ["init", "up", "down", "upgrade", "backup", "restore", "owner"],
};
const WIDEST = 100;

const FOOT = `
Every command has --help with examples, and --json for programs. In pipes nothing
is coloured or cut; NO_COLOR switches colours off. Which installation: --url, else
CAUSEWAY_URL, else the one of this checkout, else the last vpn login.

Exit codes: 0 done, 1 it did not work, 2 called wrongly, 3 looked at and something
is down (status, doctor).

Examples:
  $ vpn status
  $ vpn user add ada --limit 100GB --reset month --expires 90d
  $ vpn user qr ada
  $ vpn doctor`;

/** Groups, examples and colours of the help, for the whole tree. */
export function dressProgram(program: Command, terminal: Terminal): void {
  for (const [heading, names] of Object.entries(GROUPS))
    for (const command of program.commands) if (names.includes(command.name())) command.helpGroup(heading);
  program.addHelpText("after", FOOT);
  dress(program, "", terminal);
}

function dress(command: Command, path: string, terminal: Terminal): void {
  command.configureOutput({
    writeOut: (text) => terminal.out(text.replace(/\n$/, "")),
    writeErr: () => undefined,
    getOutHelpWidth: () => Math.min(terminal.columns, WIDEST),
    getOutHasColors: () => terminal.isColored,
  });
  command.configureHelp({
    styleTitle: (text) => paint(terminal, "bold", text),
    styleCommandText: (text) => paint(terminal, "bold", text),
    styleSubcommandTerm: (text) => paint(terminal, "cyan", text),
    styleOptionTerm: (text) => paint(terminal, "cyan", text),
  });
  const examples = EXAMPLES[path] ?? [];
  if (examples.length > 0) {
    const title = paint(terminal, "bold", examples.length === 1 ? "Example:" : "Examples:");
    command.addHelpText("after", `\n${title}\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
  }
  for (const sub of command.commands)
    dress(sub, path === "" ? sub.name() : `${path} ${sub.name()}`, terminal);
}
