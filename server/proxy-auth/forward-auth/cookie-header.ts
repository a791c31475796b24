/** The values under the first name, and the header without any of the names (null = nothing left). Cookies we do not know stay verbatim. */
export function splitCookies(
  header: string | undefined,
  name: string,
  ...alsoRemoved: string[]
): { values: string[]; rest: string | null } {
  const values: string[] = [];
  const rest: string[] = [];
  for (const part of (header ?? "").split(";")) {
    const cookie = part.trim();
    if (cookie === "") continue;
    const equals = cookie.indexOf("=");
    const key = (equals === -1 ? cookie : cookie.slice(0, equals)).trim();
    if (key === name) values.push(equals === -1 ? "" : cookie.slice(equals + 1).trim());
    else if (!alsoRemoved.includes(key)) rest.push(cookie);
  }
  return { values, rest: rest.length > 0 ? rest.join("; ") : null };
}
