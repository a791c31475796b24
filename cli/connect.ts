import { type ApiClient, createApiClient } from "#lib/api-client.ts";
import type { Cli, ConnectOptions } from "./cli.ts";
import { createFetch } from "./create-fetch.ts";
import { type ResolveOptions, resolveTarget } from "./resolve-target.ts";

/** A client for the installation that the options, the environment, this checkout or the last login name. */
export function connect(cli: Cli, options: ConnectOptions, how: ResolveOptions = {}): ApiClient {
  const target = resolveTarget(cli, options, how);
  cli.target = target;
  return createApiClient({ baseUrl: target.baseUrl, token: target.token, fetch: createFetch(target.ca) });
}
