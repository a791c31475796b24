import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";

export type ServedTls = { certificate: X509Certificate; protocol: string | null; alpn: string | null };

/** What a TLS server shows for a name, without trusting it; null when there is no handshake. */
export function readServedTls(
  host: string,
  port: number,
  name: string,
  options: ConnectionOptions = {},
): Promise<ServedTls | null> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...options,
    });
    const settle = (served: ServedTls | null) => {
      socket.destroy();
      resolve(served);
    };
    socket.setTimeout(5_000, () => settle(null));
    socket.once("error", () => settle(null));
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) return settle(null);
      settle({ certificate, protocol: socket.getProtocol(), alpn: socket.alpnProtocol || null });
    });
  });
}
