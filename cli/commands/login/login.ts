import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { createFetch } from "#cli/connection/create-fetch.ts";
import { hostOf, readLogins, writeLogins } from "#cli/connection/logins.ts";
import { cleanUrl } from "#cli/connection/resolve-target.ts";
import { defineUnconnected } from "#cli/define-command.ts";
import { obtainToken } from "#cli/login/obtain-token.ts";
import { trustPanel } from "#cli/login/trust-panel.ts";
import { type Boxed, expiryOption, scopesOption } from "#cli/parse-options.ts";
import { renderTable } from "#cli/table.ts";
import { createApiClient } from "#lib/api-client.ts";
import { parseExpiry } from "#lib/parse-duration.ts";

type Options = {
  list?: true;
  ca?: string;
  fingerprint?: string;
  tokenFile?: string;
  tokenStdin?: true;
  name?: string;
  passwordStdin?: true;
  scopes?: ("read" | "write" | "forward-auth")[];
  expires?: Boxed<string | null>;
};
const LIVES = "90d";

export function login(parent: Command, cli: Cli): void {
  const command = parent
    .command("login")
    .description("Sign in to an installation elsewhere; later commands go there")
    .argument("[url]", "like https://vpn.example.org")
    .option("--name <name>", "sign in with this name and the panel password")
    .option("--password-stdin", "read the password from stdin")
    .option("--token-stdin", "read an API token from stdin")
    .option("--token-file <file>", "a file that holds the API token")
    .option("--scopes <list>", "of the token that is made: read, write (default: both)", scopesOption)
    .option("--expires <when>", `of the token that is made (default: ${LIVES})`, expiryOption(cli.now))
    .option("--ca <file>", "CA certificate that signs the panel's certificate")
    .option("--fingerprint <sha256>", "trust the panel's own CA if it is this one")
    .option("--list", "show where somebody is signed in");
  defineUnconnected<Options>(cli, command, async ({ options, print }, url) => {
    if (options.list) {
      print(listLogins(cli), (logins) =>
        logins.length === 0
          ? "Nobody is signed in anywhere. See: vpn login --help"
          : describeLogins(cli, logins),
      );
      return;
    }
    const address = url ?? cli.env.url ?? readLogins(cli.configDir).current;
    if (address === undefined || address === null)
      throw wrongUse("Say where, like: vpn login https://vpn.example.org");
    const panel = cleanUrl(address);
    const ca = await trustPanel(cli, panel, options);
    cli.target = { baseUrl: panel, token: "", ca, source: "given" };
    const expires = options.expires ?? parseExpiry(LIVES, cli.now());
    const made = await obtainToken(
      cli,
      { url: panel, ca },
      {
        ...options,
        scopes: options.scopes ?? ["read", "write"],
        expiresAt: "value" in expires ? expires.value : null,
      },
    );
    cli.target = { baseUrl: panel, token: made.token, ca, source: "given" };
    const me = await createApiClient({ baseUrl: panel, token: made.token, fetch: createFetch(ca) }).getMe();
    const host = hostOf(panel);
    const { hosts } = readLogins(cli.configDir);
    const login = { url: panel, name: me.name, ca, ...made };
    writeLogins(cli.configDir, { current: host, hosts: { ...hosts, [host]: login } });
    print({ url: panel, name: me.name, role: me.role }, ({ name, role }) =>
      [
        `Signed in to ${panel} as ${name} (${role}).`,
        ...(role === "user" ? ["This account may see its own page only."] : []),
        "Try: vpn status",
      ].join("\n"),
    );
  });
}

type Listed = { url: string; name: string; isCurrent: boolean };

function listLogins(cli: Cli): Listed[] {
  const { current, hosts } = readLogins(cli.configDir);
  return Object.entries(hosts).map(([host, { url, name }]) => ({ url, name, isCurrent: host === current }));
}

const describeLogins = (cli: Cli, logins: Listed[]) =>
  renderTable(
    cli.terminal,
    [
      { title: "", cell: ({ isCurrent }) => (isCurrent ? "*" : "") },
      { title: "URL", cell: ({ url }) => url },
      { title: "AS", cell: ({ name }) => name },
    ],
    logins,
  );
