import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { readText } from "#cli/connection/read-stack.ts";
import { defineCommand } from "#cli/define-command.ts";
import { describeSecrets } from "#cli/output/describe-user.ts";
import {
  type Boxed,
  choiceOption,
  expiryOption,
  limitOption,
  listOption,
  rateOption,
  schemaOption,
  tunnelsOption,
} from "#cli/parse-options.ts";
import { addPeople } from "#cli/people/add-people.ts";
import { readPeople } from "#cli/people/read-people.ts";
import type { ResetPeriod, Role } from "#lib/schemas/user.ts";
import { RESET_PERIODS, ROLES, userNameSchema } from "#lib/schemas/user.ts";

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
  from?: string;
};

export function userAdd(parent: Command, cli: Cli): void {
  const command = parent
    .command("add")
    .description("Make a user; prints links, proxy passwords and an invite")
    .argument("[name]", "a–z, 0–9, dot, dash, underscore; stays for good", schemaOption(userNameSchema))
    .option("--limit <size>", "like 10GB (10^9 bytes), 10GiB (2^30) or unlimited", limitOption)
    .option("--expires <when>", "like 30d, 12h, 2026-12-31 or never", expiryOption(cli.now))
    .option("--reset <period>", `usage starts anew: ${RESET_PERIODS.join(", ")}`, choiceOption(RESET_PERIODS))
    .option("--email <address>")
    .option("--note <text>")
    .option("--role <role>", ROLES.join(", "), choiceOption(ROLES))
    .option("--group <names>", "groups, separated by commas", listOption)
    .option("--tunnels <number>", "open at once at the proxies, or unlimited", tunnelsOption)
    .option("--rate <speed>", "of the proxies, like 10Mbit or unlimited", rateOption)
    .option("--from <file>", "many at once: CSV with a header, or JSON lines; - is stdin");
  defineCommand<Options>(cli, command, async ({ api, options, print }, name) => {
    if (options.from !== undefined) {
      if (name !== undefined) throw wrongUse("Give a name or --from, not both.");
      const text =
        options.from === "-" ? await cli.terminal.readInput() : readText(options.from, "The list of people");
      await addPeople(cli, api, readPeople(text, cli.now()), options.json === true);
      return;
    }
    if (name === undefined)
      throw wrongUse("Give a name, like: vpn user add ada (or a file: --from people.csv).");
    const user = await api.createUser({
      name,
      ...(options.limit === undefined ? {} : { limitBytes: options.limit.value }),
      ...(options.expires === undefined ? {} : { expiresAt: options.expires.value }),
      ...(options.reset === undefined ? {} : { resetPeriod: options.reset }),
      ...(options.email === undefined ? {} : { email: options.email }),
      ...(options.note === undefined ? {} : { note: options.note }),
      ...(options.role === undefined ? {} : { role: options.role }),
      ...(options.group === undefined ? {} : { groups: options.group }),
      ...(options.tunnels === undefined ? {} : { maxTunnels: options.tunnels.value }),
      ...(options.rate === undefined ? {} : { rateLimitBitsPerSecond: options.rate.value }),
    });
    print(user, (value) => describeSecrets(cli, value));
  });
}
