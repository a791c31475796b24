import { createApi } from "./create-api.ts";
import { getWebRuntime } from "./web-runtime.ts";

let api: ReturnType<typeof createApi> | undefined;

/** What Next's routes under /api call; the app is made at the first request, when the program has started. */
export async function handleApiRequest(request: Request): Promise<Response> {
  api ??= createApi(getWebRuntime());
  return api.fetch(request);
}
