import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";

/** The certificate that an address shows, looked at without trusting it; null when it shows none. */
export function readServedCertificate(url: string, timeoutMs = 3_000): Promise<X509Certificate | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "https:") return Promise.resolve(null);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const settle = (certificate: X509Certificate | null) => {
      socket.destroy();
      resolve(certificate);
    };
    socket.setTimeout(timeoutMs, () => settle(null));
    socket.once("secureConnect", () => settle(socket.getPeerX509Certificate() ?? null));
    socket.once("error", () => settle(null));
  });
}
