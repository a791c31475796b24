import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { writeAtomic } from "#stack/files.ts";
import { pkiPath } from "#stack/paths.ts";
import { issueCa, issueLeaf, type LeafOptions, type Pem } from "#stack/pki/issue.ts";

const CA_DAYS = 3_650;
/** Below what browsers accept, and renewed well before the end. */
const WEB_DAYS = 397;
const NODE_DAYS = 1_825;
const RENEW_BEFORE_MS = 60 * 86_400_000;

const save = (name: string, pem: Pem) => {
  writeAtomic(pkiPath(`${name}.key`), pem.key, 0o600);
  writeAtomic(pkiPath(`${name}.crt`), pem.certificate, 0o644);
};

function load(name: string): Pem | null {
  const paths = [pkiPath(`${name}.crt`), pkiPath(`${name}.key`)] as const;
  if (!paths.every((path) => existsSync(path))) return null;
  const pem = { certificate: readFileSync(paths[0], "utf8"), key: readFileSync(paths[1], "utf8") };
  const endsAt = new X509Certificate(pem.certificate).validToDate.getTime();
  return endsAt - Date.now() > RENEW_BEFORE_MS ? pem : null;
}

async function ensureCa(name: string, commonName: string, onlyFor?: string): Promise<Pem> {
  const subject =
    onlyFor === undefined ? `CN=${commonName}` : `CN=${commonName} ${onlyFor.replaceAll(":", ".")}`;
  const old = load(name);
  if (old !== null && new X509Certificate(old.certificate).subject === subject) return old;
  const made = await issueCa(subject, CA_DAYS, onlyFor);
  save(name, made);
  return made;
}

async function ensureLeaf(name: string, options: LeafOptions, ca?: Pem): Promise<void> {
  const old = load(name);
  if (old !== null) {
    const certificate = new X509Certificate(old.certificate);
    const isOurs = ca === undefined || certificate.checkIssued(new X509Certificate(ca.certificate));
    const isSigned = ca === undefined || certificate.verify(new X509Certificate(ca.certificate).publicKey);
    const hasNames = options.names.every(
      (host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined,
    );
    if (isOurs && isSigned && hasNames) return;
  }
  save(name, await issueLeaf(options, ca));
}

/**
 * Web CA: tied to the public host, may be imported by people. Node CA: between controller and agents only.
 * Proxy-auth's own CA: what Traefik asks ForwardAuth by, so that no node's certificate can answer for it.
 * Reality's certificate signs itself: clients check Reality's key, not this.
 */
export async function ensureCertificates(publicHost: string, realityServerName: string): Promise<void> {
  const webCa = await ensureCa("web-ca", "Causeway web CA", publicHost);
  const nodeCa = await ensureCa("node-ca", "Causeway node CA");
  await ensureLeaf(
    "web",
    { name: "Causeway panel", names: [publicHost], days: WEB_DAYS, usage: "server" },
    webCa,
  );
  await ensureLeaf("reality", {
    name: realityServerName,
    names: [realityServerName],
    days: WEB_DAYS,
    usage: "server",
  });
  await ensureLeaf(
    "controller",
    { name: "controller", names: ["controller"], days: NODE_DAYS, usage: "client" },
    nodeCa,
  );
  // `node` is its name among the containers.
  const agentNames = ["127.0.0.1", "localhost", "local", "node"];
  await ensureLeaf(
    "agent",
    { name: "agent local", names: agentNames, days: NODE_DAYS, usage: "server" },
    nodeCa,
  );
  await ensureLeaf(
    "proxy-auth",
    { name: "proxy-auth", names: ["127.0.0.1", "proxy-auth"], days: NODE_DAYS, usage: "server" },
    await ensureCa("proxy-auth-ca", "Causeway proxy-auth CA"),
  );
}
