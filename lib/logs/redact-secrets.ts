export const REDACTED = "[redacted]";

const FIELDS = [
  "pass(?:word|phrase)",
  "(?:current|new|proxy|panel)_?password",
  "(?:api|access|refresh|id|internal|invite|subscription|csrf|session)?_?token(?:_?hash)?",
  "(?:x-|proxy-)?authorization",
  "(?:set-)?cookies?",
  "(?:remote-)?jwt",
  "(?:next_?auth_?|webhook_?|totp_?)?secret",
  "(?:reality_?)?private_?key",
  "master_?key",
  "vless_?(?:id|links?)",
  "subscription_?url",
  "proxy_?hash",
].join("|");
const SECRET_FIELD = new RegExp(`^(?:${FIELDS})$`, "i");
/** The same inside a text that holds JSON. */
const QUOTED_FIELD = new RegExp(
  `(\\\\"(?:${FIELDS})\\\\"\\s{0,9}:\\s{0,9}\\\\")(?:[^"\\\\]|\\\\\\\\\\\\?.|\\\\[^"\\\\])*`,
  "gi",
);

/** What is a secret wherever it stands, and a text without which it cannot stand there: most lines have none. */
const PATTERNS: readonly (readonly [string, RegExp, string])[] = [
  ["cwy_", /cwy_[A-Za-z0-9_-]{8,}/g, REDACTED],
  ["://", /\b(vless|vmess|trojan|ss):\/\/[^\s"'<>\\]+/gi, `$1://${REDACTED}`],
  // Name and password before a host.
  ["://", /(:\/\/)[^\s/?#"'<>@\\]{1,999}@/g, `$1${REDACTED}@`],
  ["/", /\b(sub|invites?)\/[^\s/?#"'<>\\:{}[\]][^\s/?#"'<>\\]{7,}/gi, `$1/${REDACTED}`],
  [" ", /\b(basic|bearer|digest) +[A-Za-z0-9+/_.~=-]{8,}/gi, `$1 ${REDACTED}`],
  ["=", /((?:causeway|next-auth)[\w.-]{0,40}=)[^\s;"'\\]{8,}/gi, `$1${REDACTED}`],
  ["=", /([?&](?:token|password|key|secret|code|auth|access_token)=)[^\s&"'#\\]+/gi, `$1${REDACTED}`],
  ["user id: ", /(invalid request user id: )[0-9a-f-]{8,36}/gi, `$1${REDACTED}`],
  ["eyJ", /\beyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]*/g, REDACTED],
  ["PRIVATE KEY", /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]*/g, REDACTED],
  ["=", /(?<![\w+/=-])[A-Za-z0-9+/]{43}=(?![\w+/=])/g, REDACTED],
];
/** 32 random bytes, which is what our sessions, tokens and keys are, in base64url or hex. */
const LONG_WORD = /[\w-]{43,}/g;
const isSecretWord = (word: string) =>
  word.length === 43 || (word.length === 64 && /^[0-9a-f]+$/i.test(word));

/** A text without what looks like a secret. Nothing it puts in breaks JSON. */
export function redactSecrets(text: string): string {
  let result = text;
  for (const [hint, pattern, replacement] of PATTERNS)
    if (result.includes(hint)) result = result.replace(pattern, replacement);
  if (result.includes('\\"')) result = result.replace(QUOTED_FIELD, `$1${REDACTED}`);
  return result.replace(LONG_WORD, (word) => (isSecretWord(word) ? REDACTED : word));
}

const DEEPEST = 6;
const LONGEST_TEXT = 8_192;

/** A record whose secret fields, at any depth, lost their values; long texts are cut. Patterns are not looked for. */
export function redactFields(record: Record<string, unknown>): Record<string, unknown> {
  return redactObject(record, 0);
}

function redactObject(record: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, redactValue(key, value, depth)]),
  );
}

function redactValue(key: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || value === "" || typeof value === "boolean") return value;
  if (SECRET_FIELD.test(key)) return REDACTED;
  if (typeof value === "string" && value.length > LONGEST_TEXT) return `${value.slice(0, LONGEST_TEXT)}…`;
  if (typeof value !== "object" || value instanceof Date || value instanceof Error) return value;
  if (depth >= DEEPEST) return "…";
  return Array.isArray(value)
    ? value.map((item) => redactValue("", item, depth + 1))
    : redactObject(value, depth + 1);
}
