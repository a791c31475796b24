/** Nothing here can be read in two ways. */
const PLAIN = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[a-z0-9._~!$&'()+,=:@-]+)+)$/;
const MAX_READINGS = 80;
const MAX_CHARACTERS = 32_768;

/**
 * How programs behind may understand a path as it stands on the wire: every order of unescaping, tidying, dropping
 * parameters and cutting at NUL, `#` or `?`. Null = in too many ways to look at.
 */
export function readingsOf(path: string): readonly string[] | null {
  if (PLAIN.test(path)) return [path];
  const readings = new Set([path]);
  let characters = 0;
  for (const text of readings) {
    characters += text.length;
    if (readings.size > MAX_READINGS || characters > MAX_CHARACTERS) return null;
    for (const step of STEPS) readings.add(step(text));
  }
  readings.delete("");
  return [...readings];
}

const STEPS: readonly ((text: string) => string)[] = [
  decode,
  (text) => text.replace(OVERLONG, shorten),
  (text) => text.replaceAll("\\", "/"),
  (text) => text.replace(/\/{2,}/g, "/"),
  (text) => tidy(text, false),
  (text) => tidy(text, true),
  (text) => text.replace(/;[^/]*/g, ""),
  (text) => text.replaceAll("\0", ""),
  (text) => text.replace(/\0.*/s, ""),
  (text) => text.replace(/#.*/s, ""),
  (text) => text.replace(/\?.*/s, ""),
  // `new URL(target, base)` takes what follows two slashes for a host.
  (text) => text.replace(/^\/{2,}[^/]*/, "") || "/",
  (text) => (text.length > 1 ? text.replace(/\/$/, "") : text),
];

/** Escapes one by one: a broken one stays as it is and does not spoil the others. Bytes become letters 0 to 255. */
function decode(text: string): string {
  return text.replace(/%(?:u00)?([0-9a-fA-F]{2})/g, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** ASCII written in more bytes of UTF-8 than it takes, and its full-width forms. */
const OVERLONG =
  /[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x81][\x80-\xbf]|\xf0\x80[\x80-\x81][\x80-\xbf]|\xef(?:\xbc[\x81-\xbf]|\xbd[\x80-\x9e])/g;

function shorten(bytes: string): string {
  const [last = 0, before = 0] = [bytes.charCodeAt(bytes.length - 1), bytes.charCodeAt(bytes.length - 2)];
  const code = ((before & 0x3f) << 6) | (last & 0x3f);
  // U+FF01 to U+FF5E stand for U+0021 to U+007E.
  return String.fromCharCode(bytes.startsWith("\xef") ? code - 0xee0 : code & 0x7f);
}

/** Dots resolved. An empty segment is none to a file system; in a browser's URL one `..` takes it back. */
function tidy(text: string, keepsEmpty: boolean): string {
  const parts: string[] = [];
  const segments = text.split("/").slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "..") parts.pop();
    else if (segment !== "." && (segment !== "" || keepsEmpty || isLast)) parts.push(segment);
    if (isLast && /^\.{1,2}$/.test(segment)) parts.push("");
  }
  return `/${parts.join("/")}`;
}
