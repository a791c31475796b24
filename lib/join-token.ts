/** What another machine needs to join: where, whom to trust there, and a secret that works once. */
export type JoinToken = {
  url: string;
  /** SHA-256 of the web CA's certificate, in hex; null = a public CA, as every machine knows them. */
  caFingerprint: string | null;
  secret: string;
};

const PREFIX = "cwn_";

/** One word without characters that a shell would look at. */
export function encodeJoinToken({ url, caFingerprint, secret }: JoinToken): string {
  const text = btoa(JSON.stringify([url, caFingerprint, secret]));
  return PREFIX + text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** null when it is no such token, or not a whole one. */
export function decodeJoinToken(text: string): JoinToken | null {
  const body = text.trim();
  if (!body.startsWith(PREFIX)) return null;
  try {
    const decoded: unknown = JSON.parse(
      atob(body.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/")),
    );
    if (!Array.isArray(decoded) || decoded.length !== 3) return null;
    const [url, caFingerprint, secret] = decoded as unknown[];
    if (typeof url !== "string" || !url.startsWith("https://") || typeof secret !== "string") return null;
    if (
      caFingerprint !== null &&
      !(typeof caFingerprint === "string" && /^[0-9a-f]{64}$/.test(caFingerprint))
    )
      return null;
    return { url, caFingerprint, secret };
  } catch {
    return null;
  }
}
