import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { readCommandTree } from "#cli/help/command-tree.ts";
import { SHELLS, type Shell } from "#cli/help/completion/completion-case.ts";
import { renderBash } from "#cli/help/completion/render-bash.ts";
import { renderFish } from "#cli/help/completion/render-fish.ts";
import { renderZsh } from "#cli/help/completion/render-zsh.ts";
import { choiceOption } from "#cli/parse-options.ts";
import { PROGRAMS } from "#lib/schemas/status.ts";

const RENDER = { bash: renderBash, zsh: renderZsh, fish: renderFish } satisfies Record<Shell, unknown>;

export function completion(program: Command, cli: Cli): void {
  program
    .command("completion")
    .description("Print the completion script of a shell: commands, options, users and nodes")
    .argument("<shell>", SHELLS.join(", "), choiceOption(SHELLS))
    .action((shell: Shell) => cli.terminal.out(RENDER[shell](readCommandTree(program), PROGRAMS)));
}
