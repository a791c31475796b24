import type { IncomingMessage, ServerResponse } from "node:http";
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { answerAtOnce, type ServerOptions, serve } from "./forward-auth-server.ts";
import type { KnownAnswer, KnownVisitors } from "./known-visitors.ts";

/** One connection carries everybody's questions: what ends it ends them all, so no limit here may be within a client's reach. */
const LIMITS = {
  // More at once than this, and Traefik opens a second connection, which another process may take.
  // A header of more than 64 KiB would be a fault of the connection: told, Traefik sends none.
  settings: { enablePush: false, maxConcurrentStreams: 100, maxHeaderListSize: 65_535 },
  // A client that goes away is a reset stream. Node's own limit (33 a second) would be reached by a few impatient ones.
  streamResetBurst: 100_000,
  streamResetRate: 20_000,
  maxHeaderListPairs: 4_096,
  maxSessionMemory: 64,
};
/** Then Traefik opens another one: all processes and replicas get their turn, new ones soon. */
const CONNECTION_MS = 5_000;
/** Questions on their way when we say that we leave: they come within this. */
const ON_THE_WAY_MS = 200;
const LAST_POSSIBLE_STREAM = 2 ** 31 - 1;

/**
 * ForwardAuth alone, over TLS and HTTP/2: Traefik asks everything on one connection here, where over plain HTTP it
 * opens one for two questions in three. Nobody but a trusted proxy gets as far as asking.
 */
export class SecureForwardAuth {
  readonly server: Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #lines = new WeakMap<KnownAnswer, string[]>();
  readonly #known: KnownVisitors;
  readonly #options: ServerOptions;

  constructor(options: ServerOptions, known: KnownVisitors, tls: { key: string; cert: string }) {
    this.#options = options;
    this.#known = known;
    this.server = createSecureServer({ ...tls, minVersion: "TLSv1.3", ...LIMITS });
    this.server.on("request", (request, response) =>
      serve(request as unknown as IncomingMessage, response as unknown as ServerResponse, known, options),
    );
    const [thinkAbout] = this.server.listeners("stream") as ((...question: unknown[]) => void)[];
    this.server.removeAllListeners("stream");
    this.server.on("stream", (stream, headers, ...rest) => {
      stream.on("error", () => {});
      if (!this.#answerNow(stream, headers)) thinkAbout?.call(this.server, stream, headers, ...rest);
    });
    this.server.on("session", (session) => this.#onSession(session));
    this.server.on("sessionError", () => {});
    this.server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  /** Asks for no more, answers what is on its way, and listens no longer. */
  async close(): Promise<void> {
    this.leave();
    await sleep(ON_THE_WAY_MS);
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Traefik opens its next connection elsewhere, if there is another to answer. */
  leave(): void {
    for (const session of this.#sessions) endSoon(session);
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  #onSession(session: ServerHttp2Session): void {
    session.on("error", () => {});
    if (!this.#options.isTrusted(session.socket.remoteAddress ?? "")) {
      this.#options.metrics.decisions.inc({ outcome: "untrusted" });
      session.destroy();
      return;
    }
    this.#sessions.add(session);
    const timer = setTimeout(() => endSoon(session), this.#options.isLeaving() ? 0 : CONNECTION_MS);
    session.once("close", () => {
      clearTimeout(timer);
      this.#sessions.delete(session);
    });
  }

  #answerNow(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
    const { session } = stream;
    if (session === undefined || session.destroyed || headers[":method"] !== "GET") return false;
    const answer = answerAtOnce(headers[":path"], headers, session.socket, this.#known, this.#options);
    if (answer === null) return false;
    // Node adds the date to what it is given.
    stream.respond([...this.#linesOf(answer)], { endStream: true });
    return true;
  }

  /** The answer's headers, in the small letters of HTTP/2. */
  #linesOf(answer: KnownAnswer): string[] {
    const known = this.#lines.get(answer);
    if (known) return known;
    const lines = answer.headers.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
    const made = [":status", "200", ...lines];
    this.#lines.set(answer, made);
    return made;
  }
}

/** In two steps (RFC 9113, 6.8): the peer hears of it first, and no question that it has just sent is lost. */
function endSoon(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  session.goaway(constants.NGHTTP2_NO_ERROR, LAST_POSSIBLE_STREAM);
  setTimeout(() => session.close(), ON_THE_WAY_MS).unref();
}
