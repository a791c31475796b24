import { InvalidArgumentError } from "commander";
import type { z } from "zod";
import { apiTokenScopes } from "#lib/api-token-scopes.ts";
import { parseBytes } from "#lib/parse-bytes.ts";
import { parseDuration, parseExpiry, parseTime } from "#lib/parse-duration.ts";

/** Values of command-line options; a wrong one ends the command with exit code 2 before anything is sent. */
/** In a box, because commander turns a null value into an empty text. */
export type Boxed<T> = { value: T };

export function limitOption(text: string): Boxed<number | null> {
  return { value: unwrap(parseBytes(text)) };
}

export function tunnelsOption(text: string): Boxed<number | null> {
  return { value: text === "unlimited" ? null : countOption(text) };
}

/** `10Mbit`, `500kbit`, `1.5Gbit` → bits per second. */
export function rateOption(text: string): Boxed<number | null> {
  if (text === "unlimited") return { value: null };
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmg])bit(?:\/s)?$/i.exec(text) ?? [];
  if (number === undefined)
    throw new InvalidArgumentError("Write a speed like 10Mbit, 500kbit or unlimited.");
  const factor = { k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase()] ?? 1;
  return { value: Math.round(Number(number) * factor) };
}

export const expiryOption =
  (now: () => number) =>
  (text: string): Boxed<string | null> => ({ value: unwrap(parseExpiry(text, now())) });

export function timeOption(text: string): string {
  const time = parseTime(text);
  if (time === null) throw new InvalidArgumentError("Write a time like 2026-12-31 or 2026-12-31T18:00Z.");
  return new Date(time).toISOString();
}

export function countOption(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1_000_000)
    throw new InvalidArgumentError("Write a number from 1 on.");
  return count;
}

/** `200ms`, `1.5s` → milliseconds. */
export function millisecondsOption(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("Write a time like 200ms or 1.5s.");
  return Math.round(Number(number) * (unit === "s" ? 1_000 : 1));
}

/** A value that one of our schemas describes. */
export const schemaOption =
  <T extends z.ZodType>(schema: T) =>
  (text: string): z.output<T> => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? "It is not valid.");
  };

export const choiceOption =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`Choose one of: ${choices.join(", ")}.`);
    return found;
  };

function unwrap<T>(parsed: { value: T } | { error: string }): T {
  if ("error" in parsed) throw new InvalidArgumentError(parsed.error);
  return parsed.value;
}

export function secondsOption(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0.5 && seconds <= 3_600))
    throw new InvalidArgumentError("Write seconds, from 0.5 to 3600.");
  return seconds;
}

export function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("Write a port from 1 to 65535.");
  return port;
}

/** `read,write` → the scopes of an API token. */
export function scopesOption(text: string): (typeof apiTokenScopes)[number][] {
  return text.split(",").map((scope) => choiceOption(apiTokenScopes)(scope.trim()));
}

/** How long ago (`1h`, `2d`), or a time; as RFC 3339. */
export const momentOption =
  (now: () => number) =>
  (text: string): string => {
    const ago = parseDuration(text);
    return "value" in ago ? new Date(now() - ago.value).toISOString() : timeOption(text);
  };

/** `a,b` → two; an empty text → none. */
export const listOption = (text: string): string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
