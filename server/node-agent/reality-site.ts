import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { rmSync } from "node:fs";
import { createSecureServer, type Http2SecureServer } from "node:http2";
import { createSecureContext, type SecureContext } from "node:tls";
import * as x509 from "@peculiar/x509";
import type { Logger } from "#server/logger.ts";

const crypto = webcrypto as unknown as Crypto;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/**
 * The site whose handshake Reality borrows where no Traefik stands beside (realityTarget “agent”): TLS 1.3 and h2 on
 * a unix socket, a certificate that signs itself for each of the inbounds' names, and nothing on it.
 */
export function startRealitySite(options: {
  socketPath: string;
  hasName: (name: string) => boolean;
  log: Logger;
}): Http2SecureServer {
  const { socketPath, hasName, log } = options;
  const contexts = new Map<string, Promise<SecureContext>>();
  const contextOf = (name: string) => {
    const known = contexts.get(name) ?? makeContext(name);
    contexts.set(name, known);
    return known;
  };
  rmSync(socketPath, { force: true });
  const server = createSecureServer(
    {
      minVersion: "TLSv1.3",
      allowHTTP1: true,
      SNICallback: (name, done) => {
        if (!hasName(name)) return done(new Error("no such site"));
        contextOf(name).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
    },
    (_request, response) => {
      response.writeHead(404).end();
    },
  );
  // Whoever probes the port ends handshakes as they like: that is no news.
  server.on("tlsClientError", () => undefined);
  server.on("error", (error) => log.error({ err: error }, "the site for Reality failed"));
  return server.listen(socketPath);
}

async function makeContext(name: string): Promise<SecureContext> {
  const keys = (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 397 * DAY_MS),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
      ],
    },
    crypto,
  );
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return createSecureContext({
    key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
    cert: certificate.toString("pem"),
  });
}
