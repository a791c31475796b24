import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { type Enrolled, enrolInputSchema } from "#lib/schemas/node.ts";
import { publishRevision } from "#server/changes/publish-revision.ts";
import { sha256 } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { AppError, gone, unauthenticated, unavailable } from "#server/errors.ts";
import { readAgentUrl } from "./agent-url.ts";

const LOOK_EVERY_MS = 150;
const PATIENCE_MS = 15_000;

/**
 * Turns a machine's secret and CSR into a certificate. The node CA's key is the controller's alone: this leaves the
 * CSR for it (sign-enrolments.ts) and waits. The same CSR may ask again, if an answer was lost; another one may not.
 */
export async function enrolNode({
  input,
  patienceMs = PATIENCE_MS,
}: {
  input: z.input<typeof enrolInputSchema>;
  patienceMs?: number;
}): Promise<Enrolled> {
  const { secret, csr } = enrolInputSchema.parse(input);
  const tokenHash = sha256(secret);
  const stored = await getDb().nodeEnrolment.updateMany({
    where: { tokenHash, signedAt: null, expiresAt: { gt: new Date() }, node: { removedAt: null } },
    data: { csr, error: null },
  });
  if (stored.count > 0) {
    const { _max } = await getDb().change.aggregate({ _max: { id: true } });
    // Says "look again", so that the controller need not wait for its next round.
    await publishRevision(Number(_max.id ?? 0n));
  }
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await readAnswer(tokenHash, csr);
    if (answer !== null) return answer;
    if (Date.now() > deadline)
      throw unavailable(
        "The controller does not sign certificates now. Is it running? See vpn status, and try again.",
      );
    await sleep(LOOK_EVERY_MS);
  }
}

async function readAnswer(tokenHash: Uint8Array<ArrayBuffer>, csr: string): Promise<Enrolled | null> {
  const row = await getDb().nodeEnrolment.findUnique({
    where: { tokenHash },
    include: { node: { include: { inbounds: { where: { tag: "direct" }, select: { port: true } } } } },
  });
  if (row === null || row.node.removedAt !== null)
    throw unauthenticated("This join token is not known here. Make a new one: vpn node invite NAME");
  if (row.csr !== csr || (row.signedAt === null && row.expiresAt <= new Date()))
    throw gone("This join token was used already or has ended. Make a new one: vpn node invite NAME");
  if (row.error !== null) throw new AppError("INVALID_INPUT", row.error);
  if (row.certificate === null || row.ca === null) return null;
  const { id, name, agentUrl, inbounds } = row.node;
  const { address, port: agentPort } = readAgentUrl(agentUrl);
  return {
    certificate: row.certificate,
    ca: row.ca,
    node: { id, name, address, port: inbounds[0]?.port ?? 8443, agentPort },
  };
}
