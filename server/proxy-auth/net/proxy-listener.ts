import type { Socket } from "node:net";
import type { Logger } from "#server/logger.ts";
import { type AddressList, normalizeAddress } from "./address-list.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { type ClientAddress, parseProxyHeader } from "./proxy-protocol.ts";
import { enterStage, ignoreFromNowOn, type Stage } from "./stage.ts";

const EMPTY = Buffer.alloc(0);
const clients = new WeakMap<Socket, ClientAddress>();

/** The real client behind a connection that `rememberClient` was told of. */
export function clientOf(socket: Socket): ClientAddress {
  return clients.get(socket) ?? { address: socket.remoteAddress ?? "unknown", port: socket.remotePort ?? 0 };
}

export function rememberClient(socket: Socket, client: ClientAddress): void {
  clients.set(socket, client);
}

type ProxyHeaderOptions = {
  /** null: nobody stands in front, and there is no header. */
  isTrusted: AddressList | null;
  deadlines: Deadlines;
  logger: Logger;
  onRefused: (reason: "untrusted" | "proxy-header" | "handshake-timeout") => void;
  /** Enters the next stage at once. `early` came behind the header. */
  onClient: (socket: Socket, client: ClientAddress, early: Buffer) => void;
};

/**
 * Takes the PROXY v2 header off fresh connections. Only trusted peers are listened to; a peer that opens and closes
 * without a byte (Traefik's TCP health check) leaves no trace.
 */
export function createProxyListener(options: ProxyHeaderOptions): (socket: Socket) => void {
  return (socket) => {
    const peer = socket.remoteAddress ?? "";
    if (options.isTrusted === null) {
      const client = { address: normalizeAddress(peer), port: socket.remotePort ?? 0 };
      if (peer === "") socket.destroy();
      else options.onClient(socket, client, EMPTY);
      return;
    }
    if (options.isTrusted(peer)) {
      enterStage(socket, new HeaderStage(socket, peer, options));
      return;
    }
    options.onRefused("untrusted");
    options.logger.debug({ peer }, "refused a connection that does not come from TRUSTED_PROXIES");
    socket.destroy();
  };
}

class HeaderStage implements Stage {
  readonly #options: ProxyHeaderOptions;
  readonly #peer: string;
  readonly #deadline: Deadline;
  #pending: Buffer = EMPTY;

  constructor(socket: Socket, peer: string, options: ProxyHeaderOptions) {
    this.#options = options;
    this.#peer = peer;
    this.#deadline = options.deadlines.after(options.deadlines.timeouts.handshakeMs, () =>
      this.#refuse(socket, "handshake-timeout", "header timeout"),
    );
  }

  onData(chunk: Buffer, socket: Socket): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = bytes;
    const header = parseProxyHeader(bytes);
    if (header.kind === "partial") return;
    if (header.kind === "invalid") {
      this.#refuse(socket, "proxy-header", header.reason);
      return;
    }
    this.#options.deadlines.cancel(this.#deadline);
    const client = header.client ?? { address: this.#peer, port: socket.remotePort ?? 0 };
    this.#options.onClient(socket, client, bytes.subarray(header.length));
  }

  onEnd(socket: Socket): void {
    if (this.#pending.length === 0) socket.end();
    else this.#refuse(socket, "proxy-header", "closed within the header");
  }

  onDrain(): void {}

  onError(_error: Error, socket: Socket): void {
    socket.destroy();
  }

  onClose(): void {
    this.#options.deadlines.cancel(this.#deadline);
  }

  #refuse(socket: Socket, reason: "proxy-header" | "handshake-timeout", detail: string): void {
    const { deadlines, onRefused, logger } = this.#options;
    deadlines.cancel(this.#deadline);
    ignoreFromNowOn(socket);
    onRefused(reason);
    logger.debug({ peer: this.#peer, detail }, "closed a connection without a PROXY v2 header");
    socket.destroy();
  }
}
