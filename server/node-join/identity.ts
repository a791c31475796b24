import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { z } from "zod";
import { type Enrolled, enrolledSchema } from "#lib/schemas/node.ts";

const crypto = webcrypto as unknown as Crypto;
x509.cryptoProvider.set(crypto);
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** STATE_DIR/node.json: who this machine is, for whoever starts its agent. */
const joinedNodeSchema = enrolledSchema.shape.node.extend({ url: z.string() });
export type JoinedNode = z.infer<typeof joinedNodeSchema>;

const pathsOf = (stateDir: string) => ({
  key: join(stateDir, "agent.key"),
  newKey: join(stateDir, "join.key"),
  csr: join(stateDir, "join.csr"),
  certificate: join(stateDir, "agent.crt"),
  ca: join(stateDir, "node-ca.crt"),
  node: join(stateDir, "node.json"),
});

/** Who this machine is, or null when it has never joined. */
export function readJoinedNode(stateDir: string): JoinedNode | null {
  const { node } = pathsOf(stateDir);
  return existsSync(node) ? joinedNodeSchema.parse(JSON.parse(readFileSync(node, "utf8"))) : null;
}

/** The same until a certificate has come: whoever repeats a lost answer's question must ask the same. */
export async function ensureKeyAndCsr(stateDir: string): Promise<{ csr: string }> {
  const paths = pathsOf(stateDir);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  if (existsSync(paths.csr) && existsSync(paths.newKey)) return { csr: readFileSync(paths.csr, "utf8") };
  const keys = (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: "CN=causeway node", keys, signingAlgorithm: ALGORITHM },
    crypto,
  );
  const csr = `${request.toString("pem")}\n`;
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  write(paths.newKey, `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`);
  write(paths.csr, csr);
  return { csr };
}

/** Keeps the certificate only when it is for our key and signed by the CA that came with it. */
export function saveIdentity(stateDir: string, url: string, enrolled: Enrolled): JoinedNode {
  const paths = pathsOf(stateDir);
  const certificate = new X509Certificate(enrolled.certificate);
  const isOurs = certificate.checkPrivateKey(createPrivateKey(readFileSync(paths.newKey, "utf8")));
  if (!isOurs || !certificate.verify(new X509Certificate(enrolled.ca).publicKey))
    throw new Error(`${url} answered a certificate that does not belong to this machine's key. Try again.`);
  const node: JoinedNode = { ...enrolled.node, url };
  write(paths.certificate, enrolled.certificate);
  write(paths.ca, enrolled.ca);
  renameSync(paths.newKey, paths.key);
  write(paths.node, `${JSON.stringify(node, null, 2)}\n`);
  rmSync(paths.csr, { force: true });
  return node;
}

function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
