import type { Report } from "#stack/doctor/report.ts";
import { readServedTls } from "#stack/doctor/served-tls.ts";
import type { Settings } from "#stack/settings.ts";

/** Reality borrows the target's handshake at every connection: TLS 1.3, h2, X25519, a certificate for the name. */
export async function checkReality(report: Report, settings: Settings): Promise<void> {
  const { realityServerName: name, realityTarget, ports } = settings;
  const target = realityTarget ?? `127.0.0.1:${ports.reality}`;
  const at = target.lastIndexOf(":");
  const host = target.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  const served = await readServedTls(host, Number(target.slice(at + 1)), name, {
    ALPNProtocols: ["h2", "http/1.1"],
    minVersion: "TLSv1.3",
    ecdhCurve: "X25519",
  });
  const isOwn = realityTarget === null;
  const action = isOwn
    ? "./vpn logs traefik, then npm run up"
    : "choose a site that has all of it: REALITY_TARGET=host:443 npm run up";
  const meaning = "Without it every VPN client fails, although the port answers.";
  if (served === null)
    return void report.failure(target, { detail: "no TLS 1.3 handshake with X25519", meaning, action });
  if (served.alpn !== "h2")
    return void report.failure(target, {
      detail: `it speaks ${served.alpn ?? "no ALPN"}, not h2`,
      meaning,
      action,
    });
  if (served.certificate.checkHost(name) === undefined)
    return void report.failure(target, {
      detail: `its certificate is not for ${name}`,
      meaning: "Reality works, and whoever looks sees that name and certificate differ.",
      action,
    });
  report.ok(target, `${served.protocol}, h2, X25519, a certificate for ${name}`);
}
