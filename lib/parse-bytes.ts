/** What a person typed, understood or not; `error` says how to write it. */
export type Parsed<T> = { value: T } | { error: string };

const POWERS: Record<string, number> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 };
const HOW = "Write a size like 10GB (10^9 bytes each), 10GiB (2^30 each), 500MB or unlimited.";

/**
 * A volume limit: `10GB` = 10^10 bytes, `10GiB` = 10·2^30, `10G` as `10GB`, a bare number is bytes,
 * `unlimited` = null. Zero is refused: unlimited is null, never 0.
 */
export function parseBytes(text: string): Parsed<number | null> {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === "unlimited" || trimmed === "none") return { value: null };
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(i?)(b?)$/.exec(trimmed);
  if (!match) return { error: HOW };
  const [, digits = "", prefix = "", binary = ""] = match;
  if (binary !== "" && prefix === "") return { error: HOW };
  const base = binary === "" ? 1000 : 1024;
  const value = Math.round(Number(digits) * base ** (POWERS[prefix] ?? 0));
  if (value < 1) return { error: "A limit is at least 1 byte. Write unlimited for no limit." };
  if (value > Number.MAX_SAFE_INTEGER) return { error: "That is more than 8 PiB. Write unlimited instead." };
  return { value };
}
