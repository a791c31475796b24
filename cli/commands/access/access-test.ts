import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { paint } from "#cli/terminal.ts";

const WORDS = {
  allow: ["may see it", "green"],
  sign_in: ["is sent to sign in", "yellow"],
  deny: ["is refused", "red"],
} as const;

export function accessTest(parent: Command, cli: Cli): void {
  const command = parent
    .command("test")
    .description("What would happen for a user, or nobody, at an address, and which rule says so")
    .argument("<url>", "like https://wiki.example.org/page")
    .option("--user <name>", "left out: somebody who is not signed in");
  defineCommand<{ user?: string }>(cli, command, async ({ api, options, print }, url = "") => {
    const who = options.user ?? "A stranger";
    print(await api.testAccess({ url, user: options.user ?? null }), ({ outcome, rule, reason }) => {
      const [words, style] = WORDS[outcome];
      return `${who} ${paint(cli.terminal, style, words)}${rule === null ? "" : ` (rule ${rule})`}: ${reason}`;
    });
  });
}
