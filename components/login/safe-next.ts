/**
 * Where to go after the login: a path of the panel, or another port of the panel's own host (the dashboard
 * behind ForwardAuth). Everything else could lead a person to a stranger's site, and becomes the start page.
 */
export function safeNext(next: string | undefined, panelUrl: string): string {
  if (next === undefined || next.length > 2_000) return "/";
  const panel = new URL(panelUrl);
  let target: URL;
  try {
    target = new URL(next, panel);
  } catch {
    return "/";
  }
  if (target.protocol !== "https:" || target.hostname !== panel.hostname) return "/";
  if (target.username !== "" || target.password !== "") return "/";
  if (target.origin !== panel.origin) return target.href;
  // A path that starts with two slashes is a host to whoever reads it next.
  if (target.pathname.startsWith("//") || target.pathname.startsWith("/login")) return "/";
  return `${target.pathname}${target.search}${target.hash}`;
}
