import type { ApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";

let client: Promise<ApiClient> | undefined;

/** The client brings all schemas: it is fetched with the first call, so that no page has to wait for them. */
async function loadClient(): Promise<ApiClient> {
  client ??= import("#lib/api-client.ts").then(({ createApiClient }) => createApiClient({ baseUrl: "" }));
  try {
    return await client;
  } catch (cause) {
    client = undefined;
    throw new ApiError({
      status: 0,
      code: "UNREACHABLE",
      detail: "A part of this page could not be fetched. Check the connection and reload.",
      cause,
    });
  }
}

/** The panel's way to the server: same origin, session cookie. Each method of ApiClient, all of them async. */
export const api = new Proxy({} as ApiClient, {
  get:
    (_, method: keyof ApiClient) =>
    async (...args: unknown[]) => {
      const call = (await loadClient())[method] as (...args: unknown[]) => Promise<unknown>;
      return call(...args);
    },
});
