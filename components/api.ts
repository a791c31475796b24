import { createApiClient } from "#lib/api-client.ts";

/** The panel's way to the server: same origin, session cookie. */
export const api = createApiClient({ baseUrl: "" });
