import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decideAccess, isNamedHost, PANEL_HOST_RULES } from "#lib/access-policy.ts";
import type { ReplicaUser, SessionRecord, TokenRecord } from "#lib/schemas/internal.ts";
import type { Role } from "#lib/schemas/user.ts";
import type { Clock } from "#server/clock.ts";
import { hashSessionId, SESSION_COOKIE } from "#server/session-store.ts";
import { parseBasic } from "../http/credentials.ts";
import { parseTarget } from "../net/target.ts";
import type { GuessThrottle, Throttled } from "../replica/guess-throttle.ts";
import type { Replica } from "../replica/replica.ts";
import type { CachedLookup } from "./cached-lookup.ts";
import type { CheckedRequest } from "./checked-request.ts";
import { splitCookies } from "./cookie-header.ts";

const DEADLINE_MS = 1_000;
const TOKEN = /^cwy_[A-Za-z0-9_-]{43}$/;
const BEARER = /^bearer[ \t]+(\S+)[ \t]*$/i;

/** `id` is the user's, or `local-cli`; `groups` are names. */
export type Identity = {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  groups: readonly string[];
};
/** `user` null: the CLI's token, which belongs to no user. `credential` says which sign-in or API token it was. */
type Subject = { identity: Identity; user: ReplicaUser | null; credential: string };
export type Allowed = { kind: "allow"; identity: Identity; credential: string; user: ReplicaUser | null };
export type Decision =
  | Allowed
  /** Open to anybody: nobody was looked up, what the client sent for the site goes on to it. */
  | { kind: "public" }
  /** panel: its cookie will do · handoff: the site gets one of its own · none: no rule names the site. */
  | { kind: "unauthenticated"; signIn: "panel" | "handoff" | "none" }
  | { kind: "forbidden"; identity: Identity; reason: "role" | "inactive" }
  /** Too many wrong credentials. */
  | { kind: "throttled"; retryAfterSeconds: number }
  | { kind: "unavailable" };

export type DecisionSources = {
  replica: Replica;
  throttle: GuessThrottle;
  sessions: CachedLookup<SessionRecord>;
  tokens: CachedLookup<TokenRecord>;
  clock: Clock;
  /** Without port. */
  panelHostname: string;
  /** Own bytes the panel has not counted yet. */
  unackedBytes: (userId: string) => number;
};

/**
 * Who asks, and may they. An Authorization header decides alone when there is one, else the session cookie. Fails
 * closed: what cannot be checked within a second is refused.
 */
export async function decide(
  headers: IncomingHttpHeaders,
  request: CheckedRequest,
  sources: DecisionSources,
): Promise<Decision> {
  const { replica } = sources;
  if (!replica.isUsable) return { kind: "unavailable" };
  const { hostname, path } = request;
  const isPanel = hostname === sources.panelHostname;
  const rules = isPanel ? PANEL_HOST_RULES : replica.rules.access;
  if (decideAccess({ rules, hostname, path, visitor: null }).outcome === "allow") return { kind: "public" };
  let subject: Subject | Throttled | null;
  try {
    const { authorization } = headers;
    subject =
      authorization === undefined
        ? await bySession(headers.cookie, request, sources)
        : await byToken(authorization, request.clientIp, sources);
  } catch {
    return { kind: "unavailable" };
  }
  if (!subject) {
    const signIn = isPanel ? "panel" : isNamedHost(rules, hostname) ? "handoff" : "none";
    return { kind: "unauthenticated", signIn };
  }
  if ("retryAfterSeconds" in subject) return { kind: "throttled", ...subject };
  const { identity, user, credential } = subject;
  if (user && replica.statusOf(user, sources.unackedBytes(user.id)) !== "active") {
    return { kind: "forbidden", identity, reason: "inactive" };
  }
  const visitor = { role: identity.role, groups: user?.groups ?? [] };
  if (decideAccess({ rules, hostname, path, visitor }).outcome !== "allow")
    return { kind: "forbidden", identity, reason: "role" };
  return { kind: "allow", identity, credential, user };
}

async function bySession(
  cookie: string | undefined,
  request: CheckedRequest,
  sources: DecisionSources,
): Promise<Subject | null> {
  const [value, ...others] = splitCookies(cookie, SESSION_COOKIE).values;
  // A browser holds one `__Host-` cookie of a name: two are somebody's work.
  const idHash = value === undefined || others.length > 0 ? null : hashSessionId(value);
  if (idHash === null) return null;
  const record = await sources.sessions.find(idHash, DEADLINE_MS, request.clientIp);
  if (!record || record.expiresAt <= sources.clock.now()) return null;
  if (hostnameOf(record.host) !== request.hostname) return null;
  return subjectOf(record.userId, sources.replica, idHash);
}

async function byToken(
  authorization: string,
  ip: string,
  sources: DecisionSources,
): Promise<Subject | Throttled | null> {
  const { replica, throttle, tokens } = sources;
  const basic = parseBasic(authorization);
  const token = basic ? basic.password : BEARER.exec(authorization)?.[1];
  const hash =
    token !== undefined && TOKEN.test(token) ? createHash("sha256").update(token).digest("hex") : null;
  const guess = throttle.guessOf(ip, basic?.name ?? `bearer ${hash ?? ""}`);
  // One that has been right before is no guess, whoever else is at the same address.
  const isRight = hash !== null && tokens.wasRight(hash);
  const isPaid = !isRight && throttle.mustPay(guess, isRight);
  const userId = basic ? (replica.findByName(basic.name)?.id ?? null) : null;
  const refused = isPaid && (await throttle.pay(guess, userId, isRight));
  if (refused) return refused;
  const record = hash === null ? null : await tokens.find(hash, DEADLINE_MS, ip);
  const subject = record && subjectOfToken(record, replica);
  const isTheirs = subject !== null && (basic === null || subject.identity.name === basic.name);
  if (isTheirs) throttle.succeeded(guess);
  else throttle.failed(guess, isPaid);
  if (!isTheirs || !record?.scopes.includes("forward-auth")) return null;
  return record.expiresAt !== null && record.expiresAt <= sources.clock.now() ? null : subject;
}

const subjectOfToken = ({ userId, tokenId }: TokenRecord, replica: Replica) =>
  userId === null ? localCli(tokenId) : subjectOf(userId, replica, tokenId);

const LOCAL_CLI: Identity = { id: "local-cli", name: "local-cli", email: null, role: "admin", groups: [] };
const localCli = (credential: string): Subject => ({ identity: LOCAL_CLI, user: null, credential });

function subjectOf(userId: string, replica: Replica, credential: string): Subject | null {
  const user = replica.findById(userId);
  if (!user) return null;
  const { id, name, email, role } = user;
  const groups = replica.rules.groupNamesOf(user);
  return { identity: { id, name, email, role, groups }, user, credential };
}

/** Cookies ignore ports, so does this. */
function hostnameOf(host: string): string {
  const withoutPort = host.replace(/:\d+$/, "");
  return parseTarget(withoutPort, 443)?.host ?? host.toLowerCase();
}
