import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeUserFully } from "#cli/output/describe-user.ts";
import {
  type Boxed,
  choiceOption,
  expiryOption,
  limitOption,
  listOption,
  rateOption,
  tunnelsOption,
} from "#cli/parse-options.ts";
import {
  RESET_PERIODS,
  type ResetPeriod,
  ROLES,
  type Role,
  type UpdateUserInput,
} from "#lib/schemas/user.ts";

type Options = {
  limit?: Boxed<number | null>;
  expires?: Boxed<string | null>;
  reset?: ResetPeriod;
  email?: string;
  note?: string;
  role?: Role;
  group?: string[];
  tunnels?: Boxed<number | null>;
  rate?: Boxed<number | null>;
};

export function userEdit(parent: Command, cli: Cli): void {
  const command = parent
    .command("edit")
    .description("Change a user; what is not named stays as it is")
    .argument("<name>")
    .option("--limit <size>", "like 10GB, 10GiB or unlimited", limitOption)
    .option("--expires <when>", "like 30d, 12h, 2026-12-31 or never", expiryOption(cli.now))
    .option("--reset <period>", RESET_PERIODS.join(", "), choiceOption(RESET_PERIODS))
    .option("--email <address>", "“” takes it away")
    .option("--note <text>")
    .option("--tunnels <number>", "open at once at the proxies, or unlimited", tunnelsOption)
    .option("--rate <speed>", "of the proxies, like 10Mbit or unlimited", rateOption)
    .option("--role <role>", ROLES.join(", "), choiceOption(ROLES))
    .option("--group <names>", "exactly these groups, separated by commas; “” is none", listOption);
  defineCommand<Options>(cli, command, async ({ api, options, print }, name = "") => {
    const change: UpdateUserInput = {
      ...(options.limit === undefined ? {} : { limitBytes: options.limit.value }),
      ...(options.expires === undefined ? {} : { expiresAt: options.expires.value }),
      ...(options.reset === undefined ? {} : { resetPeriod: options.reset }),
      ...(options.email === undefined ? {} : { email: options.email === "" ? null : options.email }),
      ...(options.note === undefined ? {} : { note: options.note }),
      ...(options.tunnels === undefined ? {} : { maxTunnels: options.tunnels.value }),
      ...(options.rate === undefined ? {} : { rateLimitBitsPerSecond: options.rate.value }),
      ...(options.role === undefined ? {} : { role: options.role }),
      ...(options.group === undefined ? {} : { groups: options.group }),
    };
    if (Object.keys(change).length === 0) {
      throw wrongUse("Say what to change, like --limit 10GB or --expires never. See: vpn user edit --help");
    }
    print(await api.updateUser(name, change), (user) => describeUserFully(cli, user));
  });
}
