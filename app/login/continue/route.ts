import { continueAfterLogin } from "#server/api/continue-after-login.ts";
import { getWebRuntime } from "#server/api/web-runtime.ts";

export const dynamic = "force-dynamic";

/** After the sign-in: on to a site on another host. */
export async function GET(request: Request): Promise<Response> {
  return continueAfterLogin(request, getWebRuntime());
}
