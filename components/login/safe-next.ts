/**
 * Where to go after the login: a path of the panel, or another port of the panel's own host (the dashboard
 * behind ForwardAuth). A site on another host, which ForwardAuth names with a `state`, is left to /login/continue:
 * it knows the hosts that access rules name. Everything else becomes the start page.
 */
export function safeNext(next: string | undefined, panelUrl: string, state?: string): string {
  if (next === undefined || next.length > 2_000) return "/";
  const panel = new URL(panelUrl);
  let target: URL;
  try {
    target = new URL(next, panel);
  } catch {
    return "/";
  }
  if (target.protocol !== "https:" || target.username !== "" || target.password !== "") return "/";
  if (target.hostname !== panel.hostname)
    return state === undefined ? "/" : `/login/continue?${new URLSearchParams({ next: target.href, state })}`;
  if (target.origin !== panel.origin) return target.href;
  // A path that starts with two slashes is a host to whoever reads it next.
  if (target.pathname.startsWith("//") || target.pathname.startsWith("/login")) return "/";
  return `${target.pathname}${target.search}${target.hash}`;
}
