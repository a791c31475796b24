import type { Socket } from "node:net";
import type { Logger } from "#server/logger.ts";
import type { AddressList } from "./address-list.ts";
import type { Deadlines } from "./deadlines.ts";
import { type ClientAddress, parseProxyHeader } from "./proxy-protocol.ts";

const HEADER_TIMEOUT_MS = 10_000;
const EMPTY = Buffer.alloc(0);
const clients = new WeakMap<Socket, ClientAddress>();

/** The real client behind an accepted connection, as the PROXY header said. */
export function clientOf(socket: Socket): ClientAddress {
  return clients.get(socket) ?? { address: socket.remoteAddress ?? "unknown", port: socket.remotePort ?? 0 };
}

type ProxyHeaderOptions = {
  socket: Socket;
  isTrusted: AddressList;
  deadlines: Deadlines;
  logger: Logger;
  onRefused: (reason: "untrusted" | "proxy-header" | "handshake-timeout") => void;
  /** The socket is paused; what came behind the header is put back into it. */
  onClient: (socket: Socket) => void;
};

/**
 * Takes the PROXY v2 header off a fresh connection. Only trusted peers are listened to; a peer that opens and
 * closes without a byte (Traefik's TCP health check) leaves no trace.
 */
export function takeProxyHeader(options: ProxyHeaderOptions): void {
  const { socket, isTrusted, deadlines, logger } = options;
  const peer = socket.remoteAddress ?? "";
  if (!isTrusted(peer)) {
    options.onRefused("untrusted");
    logger.debug({ peer }, "refused a connection that does not come from TRUSTED_PROXIES");
    socket.destroy();
    return;
  }
  let pending: Buffer = EMPTY;
  const onError = () => socket.destroy();
  const done = () => {
    deadlines.cancel(deadline);
    socket.off("data", onData).off("end", onEnd).off("error", onError).off("close", done);
  };
  const refuse = (reason: "proxy-header" | "handshake-timeout", detail: string) => {
    done();
    options.onRefused(reason);
    logger.debug({ peer, detail }, "closed a connection without a PROXY v2 header");
    socket.on("error", onError);
    socket.destroy();
  };
  const deadline = deadlines.after(HEADER_TIMEOUT_MS, () => refuse("handshake-timeout", "header timeout"));
  const onEnd = () =>
    pending.length === 0 ? socket.end() : refuse("proxy-header", "closed within the header");
  const onData = (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const header = parseProxyHeader(pending);
    if (header.kind === "partial") return;
    if (header.kind === "invalid") return refuse("proxy-header", header.reason);
    done();
    socket.pause();
    if (header.client) clients.set(socket, header.client);
    if (pending.length > header.length) socket.unshift(pending.subarray(header.length));
    options.onClient(socket);
  };
  socket.on("data", onData).on("end", onEnd).on("error", onError).on("close", done);
}
