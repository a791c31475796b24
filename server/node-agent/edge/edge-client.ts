import { connect } from "node:net";
import { Pool } from "undici";
import type { z } from "zod";
import type { Logger } from "#server/logger.ts";
import type { SocketAddress } from "../socket-killer.ts";
import { edgeStateSchema, killedSchema, socketsSchema } from "./protocol.ts";

const TIMEOUT_MS = 5_000;

/** The edge helper as the agent uses it. `traefik` is host:port of something that only a running Traefik answers. */
export class EdgeClient {
  readonly #pool: Pool;
  readonly #traefik: string;
  readonly #log: Logger;
  #canCut = false;
  #lastSockets: SocketAddress[] = [];

  constructor(options: { socketPath: string; traefik: string; log: Logger }) {
    this.#pool = new Pool("http://edge", { socketPath: options.socketPath, connections: 2 });
    this.#traefik = options.traefik;
    this.#log = options.log;
  }

  /** Whether sockets at Traefik's port can be ended, when last asked. */
  get canCut(): boolean {
    return this.#canCut;
  }

  /** On a timer. A helper left in the network of a Traefik that is gone is told to join the new one. */
  async check(): Promise<void> {
    try {
      const { canCut, isStale } = await this.#call("GET", "/state", edgeStateSchema);
      this.#set(canCut && !isStale);
      // Not before Traefik runs: a container cannot join the network of a stopped one, and Docker tries only once.
      if (isStale && (await answers(this.#traefik))) await this.#request("POST", "/leave");
    } catch {
      this.#set(false);
    }
  }

  /** The last answer while there is none: what is not seen must not pass for ended. */
  async list(): Promise<SocketAddress[]> {
    try {
      this.#lastSockets = (await this.#call("GET", "/sockets", socketsSchema)).sockets;
    } catch {
      this.#set(false);
    }
    return this.#lastSockets;
  }

  async kill(sockets: readonly SocketAddress[]): Promise<number> {
    try {
      return (await this.#call("POST", "/kill", killedSchema, { sockets })).killed;
    } catch {
      this.#set(false);
      return 0;
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #set(canCut: boolean): void {
    if (canCut === this.#canCut) return;
    this.#canCut = canCut;
    if (canCut) this.#log.info("sockets at Traefik's port can be ended");
    else this.#log.warn("sockets at Traefik's port cannot be ended: the edge helper does not answer");
  }

  async #call<T extends z.ZodType>(
    method: "GET" | "POST",
    path: string,
    schema: T,
    body?: unknown,
  ): Promise<z.output<T>> {
    const response = await this.#request(method, path, body);
    return schema.parse(await response.body.json());
  }

  async #request(method: "GET" | "POST", path: string, body?: unknown) {
    const response = await this.#pool.request({
      method,
      path,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (response.statusCode === 200) return response;
    await response.body.dump();
    throw new Error(`The edge helper answered ${response.statusCode} to ${path}.`);
  }
}

function answers(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once("connect", () => resolve(true)).once("close", () => resolve(false));
    socket.once("connect", () => socket.destroy()).on("error", () => {});
  });
}
