import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { Agent, request } from "undici";
import type { z } from "zod";
import { decodeJoinToken, type JoinToken } from "#lib/join-token.ts";
import { problemSchema } from "#lib/schemas/common.ts";
import { type Enrolled, enrolledSchema, webCaSchema } from "#lib/schemas/node.ts";
import { ensureKeyAndCsr, type JoinedNode, saveIdentity } from "./identity.ts";

const TIMEOUT_MS = 25_000;

/**
 * Trades a join token for this machine's certificate. The panel is trusted by the CA fingerprint in the token; the
 * private key is made here and stays. May be repeated with the same token if an answer was lost.
 */
export async function joinAsNode({
  token,
  stateDir,
}: {
  token: string;
  stateDir: string;
}): Promise<JoinedNode> {
  const parsed = decodeJoinToken(token);
  if (parsed === null)
    throw new Error(
      "This is not a whole join token (cwn_…). Copy the line again from: vpn node add, or vpn node invite",
    );
  const ca = await readTrustedCa(parsed);
  const { csr } = await ensureKeyAndCsr(stateDir);
  const enrolled = await ask(parsed.url, ca, enrolledSchema, "/nodes/enrol", { secret: parsed.secret, csr });
  return saveIdentity(stateDir, parsed.url, enrolled satisfies Enrolled);
}

/** The CA of the fingerprint, fetched over a connection that proves nothing; null = the public ones are meant. */
async function readTrustedCa({ url, caFingerprint }: JoinToken): Promise<string | null> {
  if (caFingerprint === null) return null;
  const { certificate } = await ask(url, "unchecked", webCaSchema, "/ca");
  const found = certificate === null ? null : new X509Certificate(certificate);
  if (found?.fingerprint256.replaceAll(":", "").toLowerCase() !== caFingerprint)
    throw new Error(
      `${url} shows another CA than the token names: somebody is in between, or its CA is new. Make a new token: vpn node invite NAME`,
    );
  return found.toString();
}

async function ask<T extends z.ZodType>(
  url: string,
  ca: string | null | "unchecked",
  schema: T,
  path: string,
  body?: unknown,
): Promise<z.output<T>> {
  const connect =
    ca === "unchecked" ? { rejectUnauthorized: false } : ca === null ? {} : { ca: [...rootCertificates, ca] };
  const dispatcher = new Agent({ connect: { ...connect, timeout: 5_000 } });
  try {
    const response = await request(`${url}/api/v1${path}`, {
      dispatcher,
      method: body === undefined ? "GET" : "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: Error & { code?: string }) => {
      throw new Error(
        `${url} cannot be reached (${cause.code ?? cause.message}). Check the network between this machine and it.`,
      );
    });
    const text = await response.body.text();
    if (response.statusCode === 200) return schema.parse(JSON.parse(text));
    const problem = problemSchema.safeParse(parseJson(text));
    throw new Error(problem.success ? problem.data.detail : `${url} answered ${response.statusCode}.`);
  } finally {
    await dispatcher.destroy();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
