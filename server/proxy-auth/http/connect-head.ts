/** A CONNECT request's head as far as it matters here. */
export type ConnectHead = { authority: string; authorization: string | undefined };

const REQUEST_LINE = /^CONNECT ([!-~]+) HTTP\/1\.[01]$/;
/** RFC 9112 §5: no space before the colon, no obs-fold, no bare CR, no NUL. */
const FIELD_LINES = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*$/;
const AUTHORIZATION = /^proxy-authorization:[\t ]*([^\r]*)\r$/gim;
const HOST = /^host:/gim;
const FRAMING = /^(content-length|transfer-encoding):/gim;

/**
 * Reads the head of a CONNECT request, given with the empty line that ends it, as strictly as node:http does: it is
 * three times as fast for the one method that needs nothing else of it. null = no valid head.
 */
export function parseConnectHead(head: string): ConnectHead | null {
  const lineEnd = head.indexOf("\r\n");
  const match = REQUEST_LINE.exec(head.slice(0, lineEnd));
  const fields = head.slice(lineEnd + 2, -2);
  if (!match || !FIELD_LINES.test(fields)) return null;
  const authorizations = [...fields.matchAll(AUTHORIZATION)];
  if (authorizations.length > 1 || (fields.match(HOST)?.length ?? 0) > 1) return null;
  // A CONNECT has no content; one that says so in two ways is an attempt to smuggle.
  if ((fields.match(FRAMING)?.length ?? 0) > 1) return null;
  return { authority: match[1] ?? "", authorization: authorizations[0]?.[1]?.trimEnd() };
}
