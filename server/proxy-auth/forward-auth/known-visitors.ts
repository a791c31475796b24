import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import { decideAccess, decidesEveryPath, type HeldRule, PANEL_HOST_RULES } from "#lib/access-policy.ts";
import type { ReplicaUser, SessionRecord } from "#lib/schemas/internal.ts";
import { formatHead } from "../http/headers.ts";
import { allowHeaders } from "./allow-headers.ts";
import { isWireMethod, isWirePath } from "./checked-request.ts";
import type { Allowed, DecisionSources } from "./decide.ts";

/** Headers of one browser on one host are the same for every request of a page. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

type Entry = {
  idHash: string;
  record: SessionRecord;
  user: ReplicaUser;
  rules: readonly HeldRule[];
  hostname: string;
  isForEveryPath: boolean;
  answer: KnownAnswer;
};
/** The 2xx: its headers, flat as writeHead takes them, and the whole as it stands on the wire. */
export type KnownAnswer = { headers: string[]; text: string };

/**
 * Visitors with a session whom `decide` has just let in, by the very headers they send: the next request of theirs is
 * decided in one turn, without parsing and hashing again. Everything that may have changed is still asked each time:
 * the session's memory with its revocations, the user's row, status and quota, and the rules.
 */
export class KnownVisitors {
  readonly #sources: DecisionSources;
  readonly #entries = new LRUCache<string, Entry>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_entry, key) => key.length + 500,
  });

  constructor(sources: DecisionSources) {
    this.#sources = sources;
  }

  /** null: ask `decide`. */
  find(headers: IncomingHttpHeaders): KnownAnswer | null {
    const key = keyOf(headers);
    const entry = key === null ? undefined : this.#entries.get(key);
    if (entry === undefined) return null;
    const { replica, sessions, clock, unackedBytes } = this.#sources;
    const { record, user, hostname, rules } = entry;
    const isSame =
      replica.isUsable &&
      sessions.peek(entry.idHash) === record &&
      record.expiresAt > clock.now() &&
      replica.findById(record.userId) === user &&
      this.#rulesFor(hostname) === rules &&
      replica.statusOf(user, unackedBytes(user.id)) === "active";
    if (!isSame) return null;
    const uri = headers["x-forwarded-uri"];
    if (!isWireMethod(headers["x-forwarded-method"]) || typeof uri !== "string" || !isWirePath(uri))
      return null;
    if (!entry.isForEveryPath) {
      const path = uri.split("?", 1)[0] ?? "/";
      const visitor = { role: user.role, groups: user.groups };
      // What is public has its own answer: without a name, and with what the site itself asks for.
      if (decideAccess({ rules, hostname, path, visitor: null }).outcome === "allow") return null;
      if (decideAccess({ rules, hostname, path, visitor }).outcome !== "allow") return null;
    }
    return entry.answer;
  }

  /** After `decide` let a session in. */
  remember(headers: IncomingHttpHeaders, hostname: string, { identity, credential, user }: Allowed): void {
    const key = keyOf(headers);
    const record = this.#sources.sessions.peek(credential);
    if (key === null || !record || !user) return;
    const rules = this.#rulesFor(hostname);
    const answer = allowHeaders(identity, headers.cookie).flat();
    this.#entries.set(key, {
      idHash: credential,
      record,
      user,
      rules,
      hostname,
      isForEveryPath: decidesEveryPath(rules, hostname),
      answer: { headers: answer, text: formatHead(200, "OK", answer) },
    });
  }

  #rulesFor(hostname: string): readonly HeldRule[] {
    return hostname === this.#sources.panelHostname ? PANEL_HOST_RULES : this.#sources.replica.rules.access;
  }
}

/** Null: a token decides, or something is missing. */
function keyOf(headers: IncomingHttpHeaders): string | null {
  const { authorization, cookie } = headers;
  const host = headers["x-forwarded-host"];
  const proto = headers["x-forwarded-proto"];
  if (authorization !== undefined || cookie === undefined || typeof host !== "string") return null;
  return proto === "https" || proto === "wss" ? `${host}\n${cookie}` : null;
}
