/** Blank in a cookie header. JavaScript's trim() takes more, which a browser lets any subdomain set before `__Host-`. */
const BLANKS = /^[ \t]+|[ \t]+$/g;

/** The values under the first name, and the header without any of the names (null = nothing left). Cookies we do not know stay verbatim. */
export function splitCookies(
  header: string | undefined,
  name: string,
  ...alsoRemoved: string[]
): { values: string[]; rest: string | null } {
  const values: string[] = [];
  const rest: string[] = [];
  for (const part of (header ?? "").split(";")) {
    const cookie = part.replace(BLANKS, "");
    if (cookie === "") continue;
    const equals = cookie.indexOf("=");
    const key = (equals === -1 ? cookie : cookie.slice(0, equals)).replace(BLANKS, "");
    if (key === name) values.push(equals === -1 ? "" : cookie.slice(equals + 1).replace(BLANKS, ""));
    // What others may trim to our name is not ours, and no site may take it for ours.
    else if (![name, ...alsoRemoved].includes(key.trim())) rest.push(cookie);
  }
  return { values, rest: rest.length > 0 ? rest.join("; ") : null };
}
