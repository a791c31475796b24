import { Agent, type AgentOptions, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import type { Dial } from "../net/dial.ts";
import { DialError } from "../net/failures.ts";
import { parseTarget } from "../net/target.ts";

const IDLE_SOCKET_MS = 15_000;

/** What a request tells the agent beside node:http's own options. */
export type OriginRequestOptions = ClientRequestArgs & {
  userId: string;
  /** Which rules it is made under: a connection made under others is not used again. */
  rules: string;
  abortDial: AbortDial;
};
/** Set by the agent while it dials for a request; called when the request is over. */
export type AbortDial = { run: (() => void) | null };

/**
 * Connections to origins, kept for the same user's next request to the same host. Each is dialled through the
 * guard, to the address that was judged.
 */
export class OriginAgent extends Agent {
  readonly #dial: Dial;

  constructor(dial: Dial) {
    const options: AgentOptions = {
      keepAlive: true,
      maxFreeSockets: 512,
      timeout: IDLE_SOCKET_MS,
      scheduling: "lifo",
    };
    super(options);
    this.#dial = dial;
  }

  override getName(options?: ClientRequestArgs & { userId?: string; rules?: string }): string {
    return `${options?.userId ?? ""} ${options?.rules ?? ""} ${options?.host ?? ""} ${options?.port ?? ""}`;
  }

  override createConnection(
    options: ClientRequestArgs & Partial<OriginRequestOptions>,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): null {
    const target = parseTarget(String(options.host ?? ""), Number(options.port));
    // Node calls back with the error alone; its types want a stream.
    const fail = (error: Error) => callback?.(error, undefined as unknown as Duplex);
    if (!target) {
      queueMicrotask(() => fail(new DialError("bad-target")));
      return null;
    }
    const { abortDial } = options;
    const dialling = this.#dial({
      target,
      userId: options.userId ?? "",
      isRaw: false,
      account: null,
      onDone: ({ origin, error }) => {
        if (abortDial) abortDial.run = null;
        if (error) return queueMicrotask(() => fail(error));
        // The agent expects a flowing socket, as net.connect gives it.
        callback?.(null, origin.socket);
        origin.socket.resume();
      },
    });
    if (abortDial) {
      abortDial.run = () => {
        dialling.cancel();
        fail(new DialError("aborted"));
      };
    }
    return null;
  }
}
