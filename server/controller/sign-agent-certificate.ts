import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import * as x509 from "@peculiar/x509";
import { invalidInput } from "#server/errors.ts";
import type { SignAgent } from "#server/nodes/sign-enrolments.ts";

const crypto = webcrypto as unknown as Crypto;
x509.cryptoProvider.set(crypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
const VALID_DAYS = 1_825;

/**
 * The node CA's hand. Of a CSR only the key counts: name, use and time are ours. A server certificate for one name,
 * so that it opens no agent, is not `controller`, and is no other node.
 */
export function createAgentSigner(files: { caFile: string; caKeyFile: string }): SignAgent {
  const ca = readFileSync(files.caFile, "utf8");
  const issuer = new x509.X509Certificate(ca);
  const pkcs8 = x509.PemConverter.decodeFirst(readFileSync(files.caKeyFile, "utf8"));
  const signingKey = crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]);
  return async ({ csr, name }) => {
    const publicKey = await readPublicKey(csr);
    const now = Date.now();
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject: `CN=${name}`,
        issuer: issuer.subject,
        publicKey,
        signingKey: await signingKey,
        signingAlgorithm: ALGORITHM,
        // An hour back: clocks differ. Never longer than the CA itself.
        notBefore: new Date(now - DAY_MS / 24),
        notAfter: new Date(Math.min(now + VALID_DAYS * DAY_MS, issuer.notAfter.getTime())),
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
          await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
          await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, crypto),
        ],
      },
      crypto,
    );
    return { certificate: `${certificate.toString("pem")}\n`, ca };
  };
}

async function readPublicKey(csr: string): Promise<x509.PublicKey> {
  try {
    const request = new x509.Pkcs10CertificateRequest(csr);
    const { namedCurve } = request.publicKey.algorithm as Partial<EcKeyAlgorithm>;
    if (namedCurve === "P-256" && (await request.verify(crypto))) return request.publicKey;
  } catch {
    // Said below.
  }
  throw invalidInput("The CSR is not one over a P-256 key that signed it itself.");
}
