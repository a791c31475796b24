const HIDDEN = "…";
const NETWORK_TARGET = /\b(tcp|udp|unix):(?!\/)\S+/g;
const URL_TARGET = /\b([a-z][a-z0-9+.-]{1,20}):\/\/[^\s"'<>]+/gi;
const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.]*\w)/g;
const IPV6 = /\[[0-9a-f:.%\w]+\](?::\d+)?|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}(?![\w:])/gi;
const HOST = /(?<![\w./-])(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+(?::\d+)?(?![\w/])/gi;
/** Node's words for a name that was not found. */
const LOOKED_UP = /\b(getaddrinfo|query\w*|lookup) (\w+) \S+/g;

/** A text without addresses and host names: what people visit is nobody's business. */
export function hideDestinations(text: string): string {
  return text
    .replace(LOOKED_UP, `$1 $2 ${HIDDEN}`)
    .replace(URL_TARGET, `$1://${HIDDEN}`)
    .replace(NETWORK_TARGET, `$1:${HIDDEN}`)
    .replace(IPV6, HIDDEN)
    .replace(IPV4, HIDDEN)
    .replace(HOST, HIDDEN);
}

const PEER_FIELD = /^(address|port|host|hostname|localAddress|localPort|servername|input|url|path|dest)$/;

/** The same for an error as a logger writes it: message and cause, not the places in our code. */
export function hideDestinationsOfError(error: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(error).flatMap(([key, value]): [string, unknown][] => {
    if (PEER_FIELD.test(key)) return [];
    if (key === "stack" && typeof value === "string") return [[key, hideInStack(value)]];
    if (typeof value === "string" && key !== "type" && key !== "code")
      return [[key, hideDestinations(value)]];
    if (Array.isArray(value))
      return [[key, value.map((item) => (isRecord(item) ? hideDestinationsOfError(item) : item))]];
    return [[key, isRecord(value) ? hideDestinationsOfError(value) : value]];
  });
  return Object.fromEntries(entries);
}

const hideInStack = (stack: string) =>
  stack
    .split("\n")
    .map((line) => (/^\s+at /.test(line) ? line : hideDestinations(line)))
    .join("\n");

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
