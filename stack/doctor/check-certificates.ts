import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Report } from "#stack/doctor/report.ts";
import { readServedTls } from "#stack/doctor/served-tls.ts";
import { DATA, pkiPath } from "#stack/paths.ts";
import type { Settings } from "#stack/settings.ts";

const SOON_DAYS = 14;
const DAY_MS = 86_400_000;
const AGAIN = "npm run down, then npm run up: it makes new ones";

/** Chain, names, days left, key: of every certificate, and of the one that is really shown. */
export async function checkCertificates(report: Report, settings: Settings): Promise<void> {
  const { publicHost, realityServerName, ports } = settings;
  const expected: { name: string; ca: string | null; host: string | null }[] = [
    { name: "web", ca: "web-ca", host: publicHost },
    { name: "reality", ca: null, host: realityServerName },
    { name: "controller", ca: "node-ca", host: "controller" },
    { name: "agent", ca: "node-ca", host: "127.0.0.1" },
    { name: "proxy-auth", ca: "proxy-auth-ca", host: "127.0.0.1" },
    { name: "web-ca", ca: null, host: null },
    { name: "node-ca", ca: null, host: null },
    { name: "proxy-auth-ca", ca: null, host: null },
  ];
  for (const { name, ca, host } of expected) checkOne(report, name, ca, host);
  const served = await readServedTls("127.0.0.1", ports.https, publicHost);
  if (served === null) return;
  const kept = read("web");
  if (kept !== null && served.certificate.fingerprint256 !== kept.fingerprint256)
    report.failure(`shown on :${ports.https}`, {
      detail: "it is not the one in the file",
      meaning: "Traefik has not taken the new certificate, or another program answers there.",
      action: AGAIN,
    });
  else report.ok(`shown on :${ports.https}`, `the panel's own, over ${served.protocol}`);
}

function read(name: string): X509Certificate | null {
  const path = pkiPath(`${name}.crt`);
  return existsSync(path) ? new X509Certificate(readFileSync(path)) : null;
}

function checkOne(report: Report, name: string, caName: string | null, host: string | null): void {
  const remake = `rm ${pkiPath(name)}.crt ${pkiPath(name)}.key, then ${AGAIN}`;
  const fail = (detail: string, meaning: string, action: string) =>
    report.failure(name, { detail, meaning, action });
  let certificate: X509Certificate | null;
  try {
    certificate = read(name);
  } catch {
    return void fail("the file is no certificate", "It was overwritten or cut.", remake);
  }
  if (certificate === null) return void fail("the file is missing", `${DATA}/pki is not complete.`, AGAIN);
  const days = Math.floor((certificate.validToDate.getTime() - Date.now()) / DAY_MS);
  if (certificate.validToDate.getTime() < Date.now())
    return void fail(
      `it ended on ${certificate.validToDate.toISOString().slice(0, 10)}`,
      name === "web"
        ? "Browsers and apps refuse the panel and subscriptions."
        : "Who checks it refuses the connection.",
      AGAIN,
    );
  if (certificate.validFromDate.getTime() > Date.now())
    return void fail(
      "it is not valid yet",
      "The clock of this machine is wrong, or was when it was made.",
      `set the clock (timedatectl), then: ${remake}`,
    );
  const ca = caName === null ? null : read(caName);
  if (ca !== null && !certificate.verify(ca.publicKey))
    return void fail(`it is not signed by ${caName}`, "The CA was remade, and this was not.", remake);
  if (
    host !== null &&
    (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) === undefined
  )
    return void fail(`it is not for ${host}`, "Clients that check the name refuse it.", AGAIN);
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(pkiPath(`${name}.key`)))))
      return void fail(
        "its key file belongs to another certificate",
        "No TLS handshake can succeed with it.",
        remake,
      );
  } catch (error) {
    return void fail(
      `its key cannot be read (${(error as Error).message})`,
      "The program that serves it cannot start.",
      remake,
    );
  }
  if (days < SOON_DAYS)
    report.warning(name, {
      detail: `it ends in ${days} days`,
      meaning: "A start renews what ends within 60 days.",
      action: AGAIN,
    });
  else report.ok(name, `${days} days left`);
}
