import type { LogLine } from "../schemas/log.ts";

export type DescribedLine = { text: string; details: string };
/** Told in the text already. */
const OF_REQUEST = new Set(["method", "route", "path", "status", "ms", "entryPoint", "router"]);

/** A line in one glance: a request as one, else its message; the rest as name=value. */
export function describeLogLine({ msg, fields }: LogLine): DescribedLine {
  const { method, route, path, status, ms, err } = fields;
  const where = textOf(route) ?? textOf(path);
  const isRequest = msg === "request" && where !== null;
  const text = isRequest
    ? [textOf(method), where, textOf(status), ms === undefined ? null : `${textOf(ms)} ms`]
        .filter((part) => part !== null)
        .join(" ")
    : (msg.split("\n")[0] ?? "");
  const rest = Object.entries(fields).flatMap(([name, value]) => {
    if (name === "err" || (isRequest && OF_REQUEST.has(name))) return [];
    const short = textOf(value);
    return short === null ? [] : [`${name}=${/[\s"]/.test(short) ? JSON.stringify(short) : short}`];
  });
  const reason = typeof err === "object" && err !== null && "message" in err ? [textOf(err.message)] : [];
  return { text, details: [...reason, ...rest].filter((part) => part !== null).join(" ") };
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item !== "object")
    ? value.join(",")
    : null;
}
