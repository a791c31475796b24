/** The words of each program's /readyz, for people; docs/operations.md says what to do. */
const WORDS: Record<string, string> = {
  postgres: "PostgreSQL does not answer",
  redis: "Redis does not answer",
  replica: "it knows no users, or has not heard of them for a day",
  panel: "it hears nothing from the panel, so changes do not reach it",
  journal: "its usage journal cannot be written",
  snapshot: "the controller has not told it any users yet",
  xray: "Xray does not run or does not answer",
  edge: "it cannot reach the helper beside Traefik, so live VPN connections through it are not ended",
  disk: "its state cannot be written, is the disk full?",
};

/** One sentence about a program that runs without all it needs; null when it lacks nothing. */
export function describeMissing(missing: readonly string[]): string | null {
  if (missing.length === 0) return null;
  return `It runs, but not at its best: ${missing.map((what) => WORDS[what] ?? `${what} is missing`).join("; ")}.`;
}
