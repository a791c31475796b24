import type { Command } from "commander";
import type { Cli } from "#cli/cli.ts";
import { CliError } from "#cli/cli-error.ts";
import { createFetch } from "#cli/connection/create-fetch.ts";
import { hostOf, readLogins, writeLogins } from "#cli/connection/logins.ts";
import { cleanUrl } from "#cli/connection/resolve-target.ts";
import { defineUnconnected } from "#cli/define-command.ts";
import { createApiClient } from "#lib/api-client.ts";

export function logout(parent: Command, cli: Cli): void {
  const command = parent
    .command("logout")
    .description("Forget a login, and revoke its token if vpn login made it")
    .argument("[url]", "left out: the current one");
  defineUnconnected(cli, command, async ({ print }, url) => {
    const { current, hosts } = readLogins(cli.configDir);
    const host = url === undefined ? current : hostOf(cleanUrl(url));
    const login = host === null ? undefined : hosts[host];
    if (host === null || login === undefined)
      throw new CliError(
        `Nobody is signed in ${url === undefined ? "anywhere" : `to ${url}`} from here. See: vpn login --list`,
      );
    const api = createApiClient({ baseUrl: login.url, token: login.token, fetch: createFetch(login.ca) });
    const { tokenId } = login;
    const isRevoked =
      tokenId !== null &&
      (await api.revokeToken(tokenId).then(
        () => true,
        () => false,
      ));
    const { [host]: _, ...rest } = hosts;
    writeLogins(cli.configDir, {
      current: current === host ? (Object.keys(rest)[0] ?? null) : current,
      hosts: rest,
    });
    print({ url: login.url, isRevoked }, () =>
      isRevoked
        ? `Signed out of ${login.url}; its token is revoked.`
        : `Forgot the login to ${login.url}. Its token still works: revoke it at ${login.url}/security`,
    );
  });
}
