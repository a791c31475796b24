import type { IncomingHttpHeaders } from "node:http";
import { FIELD_LINES, readFields } from "../http/head-fields.ts";

/** A question as Traefik puts it: a GET without a body, each header once. */
export type CheckHead = { url: string; headers: IncomingHttpHeaders; rawHeaders: string[] };

const REQUEST_LINE = /^GET (\/forward-auth(?:\?[!-~]*)?) HTTP\/1\.1$/;
const UNFIT = new Set(["content-length", "transfer-encoding", "upgrade", "expect", "trailer", "__proto__"]);

/**
 * Reads a head, given with the empty line that ends it. null = node:http's parser shall have it: all that is not
 * plainly such a question, and a header that comes twice, of which node:http knows what to make.
 */
export function parseCheckHead(head: string): CheckHead | null {
  const lineEnd = head.indexOf("\r\n");
  const url = REQUEST_LINE.exec(head.slice(0, lineEnd))?.[1];
  const lines = head.slice(lineEnd + 2, -2);
  if (url === undefined || !FIELD_LINES.test(lines)) return null;
  const rawHeaders = readFields(lines);
  const headers: IncomingHttpHeaders = Object.create(null);
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    if (headers[name] !== undefined || UNFIT.has(name) || name === "set-cookie") return null;
    headers[name] = rawHeaders[i + 1];
  }
  const { host, connection = "keep-alive" } = headers;
  return host === undefined || connection.toLowerCase() !== "keep-alive"
    ? null
    : { url, headers, rawHeaders };
}
