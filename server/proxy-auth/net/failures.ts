/** Why a connection to the origin did not come about, and how each door says so. */
export const FAILURES = {
  "bad-target": {
    http: 400,
    socks: 0x01,
    proxyStatus: "http_request_error",
    text: "The address you asked for cannot be read. Write a host name, or an IP address in its normal form.",
  },
  prohibited: {
    http: 403,
    socks: 0x02,
    proxyStatus: "destination_ip_prohibited",
    text: "This proxy does not connect to private addresses or to itself. Ask its operator if you need this one.",
  },
  denied: {
    http: 403,
    socks: 0x02,
    proxyStatus: "http_request_denied",
    text: "A rule of your group closes this destination. Ask your operator if you need it.",
  },
  "dns-error": {
    http: 502,
    socks: 0x04,
    proxyStatus: "dns_error",
    text: "The host name could not be found. Check its spelling.",
  },
  "dns-timeout": {
    http: 504,
    socks: 0x04,
    proxyStatus: "dns_timeout",
    text: "Looking up the host name took too long. Try again.",
  },
  refused: {
    http: 502,
    socks: 0x05,
    proxyStatus: "connection_refused",
    text: "The server refused the connection. Check the port, or try again later.",
  },
  unreachable: {
    http: 502,
    socks: 0x03,
    proxyStatus: "destination_ip_unroutable",
    text: "There is no route to the server.",
  },
  timeout: {
    http: 504,
    socks: 0x04,
    proxyStatus: "connection_timeout",
    text: "The server did not answer in time. Try again later.",
  },
  terminated: {
    http: 502,
    socks: 0x01,
    proxyStatus: "connection_terminated",
    text: "The server closed the connection before it had answered.",
  },
  "bad-answer": {
    http: 502,
    socks: 0x01,
    proxyStatus: "http_protocol_error",
    text: "The server's answer is not valid HTTP.",
  },
  "too-many-tunnels": {
    http: 429,
    socks: 0x02,
    proxyStatus: "connection_limit_reached",
    text: "You have as many connections open as you may. Close some, or ask the operator for more.",
  },
  "too-fast": {
    http: 429,
    socks: 0x02,
    proxyStatus: "connection_limit_reached",
    text: "You open connections faster than you may. Wait a moment.",
  },
  overloaded: {
    http: 503,
    socks: 0x01,
    proxyStatus: "connection_limit_reached",
    text: "This proxy carries as many connections as it can. Try again shortly.",
  },
  aborted: {
    http: 502,
    socks: 0x01,
    proxyStatus: "connection_terminated",
    text: "The connection was given up.",
  },
} as const satisfies Record<string, { http: number; socks: number; proxyStatus: string; text: string }>;

export type FailureKind = keyof typeof FAILURES;

export class DialError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, cause?: unknown) {
    super(FAILURES[kind].text, cause === undefined ? undefined : { cause });
    this.name = "DialError";
    this.kind = kind;
  }
}

const BY_ERRNO: Record<string, FailureKind> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  ENETUNREACH: "unreachable",
  EHOSTUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ECONNRESET: "terminated",
  EPIPE: "terminated",
};

export function failureOf(error: unknown): FailureKind {
  if (error instanceof DialError) return error.kind;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code?.startsWith("HPE_")) return "bad-answer";
  return (code && BY_ERRNO[code]) || "terminated";
}
