import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { definePersonal } from "#cli/define-command.ts";
import { type Boxed, expiryOption, scopesOption } from "#cli/parse-options.ts";
import type { apiTokenScopes } from "#lib/api-token-scopes.ts";

type Options = { scopes?: (typeof apiTokenScopes)[number][]; expires?: Boxed<string | null> };

export function tokenCreate(parent: Command, cli: Cli): void {
  const command = parent
    .command("create")
    .description("Make an API token of your own; shown once")
    .argument("<name>", "what it is for")
    .option("--scopes <list>", "read, write, forward-auth (default: read)", scopesOption)
    .option("--expires <when>", "like 30d or 2026-12-31 (default: never)", expiryOption(cli.now));
  definePersonal<Options>(cli, command, async ({ api, options, print }, name = "") => {
    const made = await api.createToken({
      name,
      scopes: options.scopes ?? ["read"],
      expiresAt: options.expires?.value ?? null,
    });
    print(made, ({ token }) => token);
  });
}
