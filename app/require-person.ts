import { redirect } from "next/navigation";
import { getSessionFromCookies } from "#server/sessions/current-session.ts";

/** Who is signed in, or off to the login and back to `path`. Before the page's first byte, so that the status is true. */
export async function requirePerson(path: string) {
  const session = await getSessionFromCookies();
  if (session) return session;
  redirect(path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`);
}
