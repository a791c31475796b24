/**
 * Why an exchange with a node did not work: `conflict` = the node stands elsewhere than we thought (ask again),
 * `refused` = it answered no, `unreachable` = no answer, `bad-answer` = not our protocol. `message` is for people.
 */
export type AgentErrorKind = "conflict" | "refused" | "unreachable" | "bad-answer";

export class AgentError extends Error {
  readonly kind: AgentErrorKind;

  constructor(kind: AgentErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "AgentError";
    this.kind = kind;
  }
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: "nothing listens there. Is the node agent running?",
  ENOTFOUND: "its name is not known. Check the node's address.",
  EHOSTUNREACH: "there is no route to it. Check the network between controller and node.",
  ENETUNREACH: "there is no route to it. Check the network between controller and node.",
  ECONNRESET: "it closed the connection. Look into the node agent's log.",
  UND_ERR_SOCKET: "it closed the connection. Look into the node agent's log.",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer. Check the network and the node's firewall.",
  UND_ERR_HEADERS_TIMEOUT: "it takes too long to answer.",
  UND_ERR_BODY_TIMEOUT: "it takes too long to answer.",
  UND_ERR_ABORTED: "it takes too long to answer.",
  TimeoutError: "it takes too long to answer.",
  CERT_HAS_EXPIRED: "its certificate has expired. Renew the node's certificate.",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another address.",
};
const TLS_CODES = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|EPROTO/;

/** A failure below HTTP, in words. */
export function describeUnreachable(url: string, cause: unknown): AgentError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const { code, name, message } = inner as { code?: string; name?: string; message?: string };
  const reason =
    REASONS[code ?? ""] ??
    REASONS[name ?? ""] ??
    (TLS_CODES.test(code ?? "")
      ? "its certificate was not made by our node CA, or it refuses ours."
      : `${message ?? String(cause)}.`);
  return new AgentError("unreachable", `The node at ${url} cannot be reached: ${reason}`, cause);
}
