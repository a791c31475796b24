import { Agent, type AgentOptions, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import type { Dial } from "../net/dial.ts";
import { DialError } from "../net/failures.ts";
import { parseTarget } from "../net/target.ts";

const IDLE_SOCKET_MS = 15_000;

/** What a request tells the agent beside node:http's own options. */
export type OriginRequestOptions = ClientRequestArgs & { userId: string; dialSignal: AbortSignal };

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

  override getName(options?: ClientRequestArgs & { userId?: string }): string {
    return `${options?.userId ?? ""} ${options?.host ?? ""} ${options?.port ?? ""}`;
  }

  override createConnection(
    options: ClientRequestArgs & Partial<OriginRequestOptions>,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): null {
    const target = parseTarget(String(options.host ?? ""), Number(options.port));
    const signal = options.dialSignal ?? AbortSignal.abort();
    const dialling = target
      ? this.#dial(target, { signal, isRaw: false })
      : Promise.reject(new DialError("bad-target"));
    dialling.then(
      ({ socket }) => {
        // The agent expects a flowing socket, as net.connect gives it.
        callback?.(null, socket);
        socket.resume();
      },
      // Node calls back with the error alone; its types want a stream.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return null;
  }
}
