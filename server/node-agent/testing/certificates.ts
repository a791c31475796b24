import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto as Crypto);
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

export type Pem = { cert: string; key: string };
export type TestAuthority = { ca: string; issue: (name: string) => Promise<Pem> };

/** A CA that lives for one test. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const caKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const notAfter = new Date(Date.now() + 86_400_000);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test CA",
    keys: caKeys as CryptoKeyPair,
    signingAlgorithm: ALGORITHM,
    notAfter,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    ca: ca.toString("pem"),
    async issue(name) {
      const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${name}`,
        issuer: ca.subject,
        publicKey: keys.publicKey as CryptoKey,
        signingKey: caKeys.privateKey as CryptoKey,
        signingAlgorithm: ALGORITHM,
        notAfter,
        extensions: [
          new x509.SubjectAlternativeNameExtension([
            { type: "dns", value: name },
            { type: "ip", value: "127.0.0.1" },
          ]),
        ],
      });
      const exported = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
      const body = exported.toString("base64").replace(/.{64}/g, "$&\n");
      return {
        cert: certificate.toString("pem"),
        key: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
      };
    },
  };
}
