import type { Cli, ConnectOptions } from "#cli/cli.ts";
import { createFetch } from "#cli/connection/create-fetch.ts";
import { type ResolveOptions, resolveTarget } from "#cli/connection/resolve-target.ts";
import { type ApiClient, createApiClient } from "#lib/api-client.ts";

/** A client for the installation that the options, the environment, this checkout or the last login name. */
export function connect(cli: Cli, options: ConnectOptions, how: ResolveOptions = {}): ApiClient {
  const target = resolveTarget(cli, options, how);
  cli.target = target;
  return createApiClient({ baseUrl: target.baseUrl, token: target.token, fetch: createFetch(target.ca) });
}
