import { handoffStateSchema } from "#lib/schemas/handoff.ts";
import { createHandoff } from "#server/sessions/handoff.ts";
import { readCookie } from "#server/sessions/read-cookie.ts";
import { resolveSession } from "#server/sessions/resolve-session.ts";
import type { WebRuntime } from "./web-runtime.ts";

/** `GET /login/continue?next=&state=`: hands the panel's session on to the site that ForwardAuth came from. */
export async function continueAfterLogin(request: Request, runtime: WebRuntime): Promise<Response> {
  const { PANEL_URL } = runtime.env;
  const query = new URL(request.url).searchParams;
  const next = query.get("next") ?? "";
  const state = handoffStateSchema.safeParse(query.get("state"));
  const value = readCookie(request.headers);
  const now = runtime.clock.now();
  const actor = value === null ? null : await resolveSession({ value, host: new URL(PANEL_URL).host, now });
  if (actor === null) return seeOther(`${PANEL_URL}/login?${query}`);
  if (!state.success || !URL.canParse(next)) return seeOther(`${PANEL_URL}/`);
  const callback = await createHandoff({
    actor,
    url: new URL(next),
    state: state.data,
    redis: runtime.redis,
  });
  return seeOther(callback ?? `${PANEL_URL}/`);
}

/** The next address carries a code: it must not be kept anywhere. */
function seeOther(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}
