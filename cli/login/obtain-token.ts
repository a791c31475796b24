import { hostname } from "node:os";
import type { Cli } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";
import { createFetch } from "#cli/connection/create-fetch.ts";
import { readText } from "#cli/connection/read-stack.ts";
import { createApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";
import type { apiTokenScopes } from "#lib/api-token-scopes.ts";

type Scope = (typeof apiTokenScopes)[number];
export type TokenOptions = {
  tokenFile?: string;
  tokenStdin?: true;
  name?: string;
  passwordStdin?: true;
  scopes: Scope[];
  expiresAt: string | null;
};
type Panel = { url: string; ca: string | null };

/** An API token: given, pasted, or made with a name and the panel password, which is not kept. */
export async function obtainToken(
  cli: Cli,
  panel: Panel,
  options: TokenOptions,
): Promise<{ token: string; tokenId: string | null }> {
  if (options.tokenFile !== undefined) return pasted(readText(options.tokenFile, "The API token"));
  if (options.tokenStdin) return pasted(await cli.terminal.readInput());
  if (options.name !== undefined) {
    const password = options.passwordStdin
      ? (await cli.terminal.readInput()).replace(/\r?\n$/, "")
      : await askSecret(cli, `Panel password of ${options.name}: `);
    return make(panel, options.name, password, options);
  }
  const { ask } = cli.terminal;
  if (ask === null)
    throw wrongUse("Nobody is there to ask. Give --token-stdin, or --name NAME --password-stdin.");
  cli.terminal.error(`An API token is made at ${panel.url}/security, or here with your name and password.`);
  const token = await askSecret(cli, "Paste a token, or press Enter to sign in with a name: ");
  if (token.trim() !== "") return pasted(token);
  const name = (await ask("Name or e-mail: ")).trim();
  return make(panel, name, await askSecret(cli, "Panel password: "), options);
}

function pasted(text: string): { token: string; tokenId: null } {
  const token = text.trim();
  if (!/^cwy_[\w-]{43}$/.test(token))
    throw wrongUse("That is no API token: they begin with cwy_ and are 47 characters long.");
  return { token, tokenId: null };
}

async function askSecret(cli: Cli, question: string): Promise<string> {
  if (cli.terminal.askSecret === null) throw wrongUse("Nobody is there to ask. Add --password-stdin.");
  return cli.terminal.askSecret(question);
}

async function make(panel: Panel, name: string, password: string, { scopes, expiresAt }: TokenOptions) {
  let cookie = "";
  const send = createFetch(panel.ca);
  const api = createApiClient({
    baseUrl: panel.url,
    async fetch(url, init) {
      const headers = { ...init.headers, origin: panel.url, ...(cookie === "" ? {} : { cookie }) };
      const response = await send(url, { ...init, headers });
      cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
      return response;
    },
  });
  await api.login({ name, password }).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === "UNAUTHENTICATED") throw new CliError(error.detail);
    throw error;
  });
  if (cookie === "") throw new CliError(`${panel.url} signed in without a session. Is it of this version?`);
  try {
    const label = `vpn on ${hostname()}`.slice(0, 80);
    const made = await api.createToken({ name: label, scopes, expiresAt });
    return { token: made.token, tokenId: made.id };
  } finally {
    // The token is enough from here on.
    await api.logout().catch(() => undefined);
  }
}
