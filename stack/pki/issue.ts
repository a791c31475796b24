import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import { encodeNameConstraints } from "#stack/pki/name-constraints.ts";

const crypto = webcrypto as unknown as Crypto;
x509.cryptoProvider.set(crypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

export type Pem = { certificate: string; key: string };

const makeKeys = () =>
  crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;

async function toPem(certificate: x509.X509Certificate, key: CryptoKey): Promise<Pem> {
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", key);
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`,
  };
}

/** An hour back: clocks of clients differ. */
const validity = (days: number) => ({
  notBefore: new Date(Date.now() - DAY_MS / 24),
  notAfter: new Date(Date.now() + days * DAY_MS),
});

/** A CA that signs leaves only; `onlyFor` ties it to one host, so that importing it trusts nothing else. */
export async function issueCa(name: string, days: number, onlyFor?: string): Promise<Pem> {
  const keys = await makeKeys();
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
  ];
  if (onlyFor !== undefined)
    extensions.push(new x509.Extension("2.5.29.30", true, encodeNameConstraints(onlyFor)));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name, keys, signingAlgorithm: ALGORITHM, extensions, ...validity(days) },
    crypto,
  );
  return toPem(certificate, keys.privateKey);
}

export type LeafOptions = { name: string; names: string[]; days: number; usage: "server" | "client" };

/** A leaf of `ca`, or one that signs itself when there is none. */
export async function issueLeaf(options: LeafOptions, ca?: Pem): Promise<Pem> {
  const keys = await makeKeys();
  const usage = x509.ExtendedKeyUsage[options.usage === "server" ? "serverAuth" : "clientAuth"];
  const names = options.names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const);
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    new x509.SubjectAlternativeNameExtension(names),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
  ];
  const subject = `CN=${options.name}`;
  const common = {
    publicKey: keys.publicKey,
    signingAlgorithm: ALGORITHM,
    subject,
    ...validity(options.days),
  };
  if (ca === undefined) {
    const certificate = await x509.X509CertificateGenerator.create(
      { ...common, issuer: subject, signingKey: keys.privateKey, extensions },
      crypto,
    );
    return toPem(certificate, keys.privateKey);
  }
  const issuer = new x509.X509Certificate(ca.certificate);
  const pkcs8 = x509.PemConverter.decodeFirst(ca.key);
  const signingKey = await crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]);
  extensions.push(await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, crypto));
  const certificate = await x509.X509CertificateGenerator.create(
    { ...common, issuer: issuer.subject, signingKey, extensions },
    crypto,
  );
  return toPem(certificate, keys.privateKey);
}
