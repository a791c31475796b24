import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";
import { definePersonal } from "#cli/define-command.ts";

export function tokenRevoke(parent: Command, cli: Cli): void {
  const command = parent
    .command("revoke")
    .description("End one of your API tokens; within 2 s it opens no door")
    .argument("<name>", "its name or id");
  definePersonal(cli, command, async ({ api, print }, ref = "") => {
    const { items } = await api.listTokens();
    const found = items.filter(({ id, name }) => id === ref || name === ref);
    const [token] = found;
    if (token === undefined) throw new CliError(`You have no token “${ref}”. See: vpn token list`);
    if (found.length > 1)
      throw wrongUse(
        `${found.length} of your tokens are called “${ref}”. Name one by its id: ${found.map(({ id }) => id).join(", ")}`,
      );
    await api.revokeToken(token.id);
    print({ id: token.id, name: token.name, isRevoked: true }, () => `Revoked ${token.name}.`);
  });
}
