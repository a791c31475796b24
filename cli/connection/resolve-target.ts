import { join } from "node:path";
import type { Cli, ConnectOptions, Target } from "#cli/cli.ts";
import { CliError, wrongUse } from "#cli/cli-error.ts";
import { findLogin, hostOf, type Login } from "#cli/connection/logins.ts";
import { readStack, readText } from "#cli/connection/read-stack.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Options go before the environment; without an address it is the stack of this checkout, else the last `vpn login`.
 * A token goes to the address it belongs to only: the stack's own to the stack, a login's to its host.
 */
export function resolveTarget(
  cli: Cli,
  options: ConnectOptions,
  { isPersonal = false }: ResolveOptions = {},
): Target {
  const url = options.url ?? cli.env.url;
  const found = url === undefined ? withoutUrl(cli) : withUrl(cli, cleanUrl(url));
  const target = isPersonal && givenToken(cli, options) === null ? asPerson(cli, found) : found;
  const token = givenToken(cli, options) ?? target.readToken();
  const caFile = options.ca ?? cli.env.ca;
  if (token === null) {
    throw wrongUse(
      `Nobody is signed in to ${target.baseUrl} from here. Run: vpn login ${target.baseUrl} (or give --token-file).`,
    );
  }
  return {
    baseUrl: target.baseUrl,
    source: target.source,
    token,
    ca: caFile === undefined ? target.ca : readText(caFile, "The CA certificate"),
  };
}

/** `isPersonal`: the token of the stack itself will not do, as it is nobody's account. */
export type ResolveOptions = { isPersonal?: boolean };

function asPerson(cli: Cli, found: Found): Found {
  if (found.source !== "stack") return found;
  const login = findLogin(cli.configDir, hostOf(found.baseUrl));
  if (login !== null) return fromLogin(login);
  throw wrongUse(
    `This is about your own account, and the server's CLI has none. Sign in first: vpn login ${found.baseUrl}`,
  );
}

type Found = Omit<Target, "token"> & { readToken: () => string | null };

function withoutUrl(cli: Cli): Found {
  const stack = findStack(cli);
  if (stack !== null) return stack;
  const login = findLogin(cli.configDir, null);
  if (login !== null) return fromLogin(login);
  const node = readStack(cli.dataDir);
  if (node !== null) {
    const panel = cleanUrl(node.apiUrl);
    throw new CliError(`This machine is a node of ${panel}. Sign in there: vpn login ${panel}`);
  }
  throw new CliError(
    `Nothing runs here (${join(cli.dataDir, "stack.json")} is missing). Start it with: npm run up (or sign in to another installation: vpn login URL)`,
  );
}

function withUrl(cli: Cli, baseUrl: string): Found {
  const stack = findStack(cli);
  if (stack !== null && hostOf(stack.baseUrl) === hostOf(baseUrl)) return stack;
  const login = findLogin(cli.configDir, hostOf(baseUrl));
  if (login !== null) return fromLogin(login);
  return { baseUrl, readToken: () => null, ca: null, source: "given" };
}

const fromLogin = ({ url, token, ca }: Login): Found => ({
  baseUrl: url,
  readToken: () => token,
  ca,
  source: "login",
});

function findStack(cli: Cli): Found | null {
  const stack = readStack(cli.dataDir);
  // A node by itself has no panel here, and so no CA.
  if (stack === null || stack.caFile === "") return null;
  return {
    baseUrl: cleanUrl(stack.apiUrl),
    readToken: () => readText(join(cli.dataDir, "secrets", "cli.token"), "The API token").trim(),
    ca: readText(stack.caFile, "The CA certificate"),
    source: "stack",
  };
}

function givenToken(cli: Cli, { token, tokenFile }: ConnectOptions): string | null {
  if (token !== undefined && tokenFile !== undefined)
    throw wrongUse("Give --token or --token-file, not both.");
  if (tokenFile !== undefined) return readText(tokenFile, "The API token").trim();
  return token ?? cli.env.token ?? null;
}

/** `vpn.example.org` → `https://vpn.example.org`; refuses what would send the token in clear. */
export function cleanUrl(text: string): string {
  const url = (/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
    .replace(/\/+$/, "")
    .replace(/\/api\/v1$/, "");
  if (!URL.canParse(url)) throw wrongUse(`“${text}” is not an address like https://vpn.example.org.`);
  const { protocol, hostname, origin } = new URL(url);
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname))) return origin;
  throw wrongUse("The address must start with https://, or the token would travel in clear.");
}
