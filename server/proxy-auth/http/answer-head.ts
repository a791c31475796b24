import { FIELD_LINES, readFields } from "./head-fields.ts";
import { type RawHeaders, tokensOf, valuesOf } from "./headers.ts";

/** How the end of an answer's body is told (RFC 9112 §6.3). */
export type Framing = { kind: "length"; bytes: number } | { kind: "chunked" } | { kind: "close" };

export type AnswerHead = {
  status: number;
  reason: string;
  httpVersion: "1.0" | "1.1";
  headers: RawHeaders;
  framing: Framing;
  /** The origin takes another request on this connection. */
  isKept: boolean;
};

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const LENGTH = /^\d{1,15}$/;

/** Reads the head of an origin's answer, given with the empty line that ends it. null = no valid answer. */
export function parseAnswerHead(head: string, method: "GET" | "HEAD"): AnswerHead | null {
  const lineEnd = head.indexOf("\r\n");
  const match = STATUS_LINE.exec(head.slice(0, lineEnd));
  const lines = head.slice(lineEnd + 2, -2);
  if (!match || !FIELD_LINES.test(lines)) return null;
  const headers = readFields(lines);
  const status = Number(match[2]);
  const httpVersion = match[1] === "0" ? "1.0" : "1.1";
  const framing = framingOf(headers, status, httpVersion, method);
  if (framing === null) return null;
  const wishes = tokensOf(headers, "connection");
  const isKept =
    framing.kind !== "close" &&
    !wishes.includes("close") &&
    (httpVersion === "1.1" || wishes.includes("keep-alive"));
  return { status, reason: match[3] ?? "", httpVersion, headers, framing, isKept };
}

function framingOf(
  headers: RawHeaders,
  status: number,
  httpVersion: string,
  method: "GET" | "HEAD",
): Framing | null {
  const lengths = valuesOf(headers, "content-length");
  const codings = valuesOf(headers, "transfer-encoding");
  const [length] = lengths;
  if (lengths.length > 1 || codings.length > 1) return null;
  if (length !== undefined && (codings.length > 0 || !LENGTH.test(length))) return null;
  if (codings.length > 0 && (codings[0]?.toLowerCase() !== "chunked" || httpVersion === "1.0")) return null;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304)
    return { kind: "length", bytes: 0 };
  if (codings.length > 0) return { kind: "chunked" };
  return length === undefined ? { kind: "close" } : { kind: "length", bytes: Number(length) };
}
