import type { RawHeaders } from "./headers.ts";

/** RFC 9112 §5, each line with its end: no space before the colon, no obs-fold, no bare CR or LF, no NUL. */
export const FIELD_LINES = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*$/;

/** Lines that FIELD_LINES has passed, as [name, value, …]. */
export function readFields(lines: string): RawHeaders {
  const fields: RawHeaders = [];
  for (let at = 0; at < lines.length; ) {
    const colon = lines.indexOf(":", at);
    const end = lines.indexOf("\r\n", colon);
    fields.push(lines.slice(at, colon), trimBlanks(lines, colon + 1, end));
    at = end + 2;
  }
  return fields;
}

/** Blanks of HTTP alone: `trim` would take others that belong to a value. */
function trimBlanks(text: string, from: number, to: number): string {
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

const isBlank = (code: number) => code === 32 || code === 9;
