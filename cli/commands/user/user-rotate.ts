import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeSecrets } from "#cli/output/describe-user.ts";
import { choiceOption } from "#cli/parse-options.ts";
import { CREDENTIAL_KINDS, type CredentialKind } from "#lib/schemas/user.ts";

export function userRotate(parent: Command, cli: Cli): void {
  const command = parent
    .command("rotate")
    .description("Replace a user's secrets; what used the old ones is ended")
    .argument("<name>")
    .option("--only <kind>", `only this: ${CREDENTIAL_KINDS.join(", ")}`, choiceOption(CREDENTIAL_KINDS));
  defineCommand<{ only?: CredentialKind }>(cli, command, async ({ api, options, print }, name = "") => {
    const input = options.only === undefined ? {} : { only: options.only };
    print(await api.rotateUser(name, input), (user) => describeSecrets(cli, user));
  });
}
