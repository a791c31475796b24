import { FIELD_LINES, readFields } from "./head-fields.ts";
import { endToEndHeaders, formatFields, type RawHeaders } from "./headers.ts";
import type { ForwardTarget } from "./request-target.ts";

/** What PlainExchange can carry: a GET or HEAD without body, upgrade or expectation. */
export type PlainHead = {
  method: "GET" | "HEAD";
  url: string;
  authorization: string | undefined;
  headers: RawHeaders;
  /** The client wants the connection closed behind the answer. */
  isLast: boolean;
};

const REQUEST_LINE = /^(GET|HEAD) ([!-~]+) HTTP\/1\.1$/;
const UNFIT = new Set([
  "content-length",
  "transfer-encoding",
  "upgrade",
  "expect",
  "trailer",
  "http2-settings",
]);

/**
 * Reads a request's head, given with the empty line that ends it. null = node:http's parser shall have it: anything
 * that is not plain, and anything that is not certain to be right.
 */
export function parsePlainHead(head: string): PlainHead | null {
  const lineEnd = head.indexOf("\r\n");
  const match = REQUEST_LINE.exec(head.slice(0, lineEnd));
  const lines = head.slice(lineEnd + 2, -2);
  if (!match || !FIELD_LINES.test(lines)) return null;
  const headers = readFields(lines);
  let authorization: string | undefined;
  let hosts = 0;
  let isLast = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] ?? "").toLowerCase();
    const value = headers[i + 1] ?? "";
    if (UNFIT.has(name)) return null;
    if (name === "host") hosts += 1;
    else if (name === "connection" || name === "proxy-connection") isLast ||= CLOSE.test(value);
    else if (name === "proxy-authorization") {
      if (authorization !== undefined) return null;
      authorization = value;
    }
  }
  if (hosts !== 1) return null;
  return {
    method: match[1] === "HEAD" ? "HEAD" : "GET",
    url: match[2] ?? "",
    authorization,
    headers,
    isLast,
  };
}

const CLOSE = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i;

/** The head as the origin gets it. */
export function formatPlainHead({ method, headers }: PlainHead, { path, authority }: ForwardTarget): string {
  const fields = formatFields(endToEndHeaders(headers, { httpVersion: "1.1", drop: ["host"] }));
  return `${method} ${path} HTTP/1.1\r\nHost: ${authority}\r\n${fields}\r\n`;
}
