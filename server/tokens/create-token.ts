import type { z } from "zod";
import { type createdTokenSchema, createTokenInputSchema } from "#lib/schemas/session.ts";
import { recordAudit } from "#server/audit/record-audit.ts";
import type { Context } from "#server/context.ts";
import { randomToken, sha256 } from "#server/crypto.ts";
import { getDb } from "#server/db.ts";
import { conflict, forbidden, invalidInput } from "#server/errors.ts";
import { toApiToken, tokenOwner, tokenSelect } from "./token-row.ts";

const MAX_TOKENS = 50;

/** A new API token of the actor. The token itself is in this answer only; the database holds its SHA-256. */
export async function createToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof createTokenInputSchema>;
}): Promise<z.infer<typeof createdTokenSchema>> {
  const owner = tokenOwner(ctx);
  const { name, scopes, expiresAt } = createTokenInputSchema.parse(input);
  const { actor } = ctx;
  if (actor.kind === "token" && scopes.some((scope) => !actor.scopes.includes(scope)))
    throw forbidden("A token cannot make a token that may do more than itself.");
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now())
    throw invalidInput("The token would be expired already.", [
      { path: "expiresAt", message: "Choose a time in the future." },
    ]);
  const count = await getDb().apiToken.count({ where: { userId: owner.id, revokedAt: null } });
  if (count >= MAX_TOKENS) throw conflict(`You have ${MAX_TOKENS} tokens. Revoke one that is not used.`);
  const token = `cwy_${randomToken()}`;
  const row = await getDb().$transaction(async (tx) => {
    const created = await tx.apiToken.create({
      data: {
        userId: owner.id,
        name,
        scopes: [...new Set(scopes)],
        tokenHash: sha256(token),
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
      },
      select: tokenSelect,
    });
    await recordAudit(tx, {
      ctx,
      action: "token.create",
      targetKind: "token",
      targetId: created.id,
      targetName: name,
      details: { scopes },
    });
    return created;
  });
  return { ...toApiToken(row), token };
}
