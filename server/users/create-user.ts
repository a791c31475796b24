import { randomUUID } from "node:crypto";
import { nextReset } from "#lib/next-reset.ts";
import { type CreateUserInput, createUserInputSchema, type UserSecrets } from "#lib/schemas/user.ts";
import { deriveStatus } from "#lib/user-status.ts";
import type { Context } from "#server/context.ts";
import { makeCredential } from "#server/credentials/make-credential.ts";
import { conflict, forbidden } from "#server/errors.ts";
import { findGroups } from "#server/groups/set-groups-of.ts";
import { isUniqueViolation } from "./is-unique-violation.ts";
import { makeInvite } from "./make-invite.ts";
import { toUserSecrets } from "./to-user-secrets.ts";
import { userSelect } from "./user-row.ts";
import { writeUser } from "./write-user.ts";

/** Makes a user with secrets for every door and an invite. Answers the secrets: the caller shows them. */
export async function createUser({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateUserInput;
}): Promise<UserSecrets> {
  if (ctx.actor.role === "user") throw forbidden();
  const user = createUserInputSchema.parse(input);
  if (user.role === "owner" && ctx.actor.role !== "owner")
    throw forbidden("Only an owner may make another owner.");
  const id = randomUUID();
  const now = Date.now();
  const expiresAt = user.expiresAt === null ? null : new Date(user.expiresAt);
  const credentials = (["vless", "proxy", "subscription"] as const).map((kind) => makeCredential(id, kind));
  const invite = makeInvite();
  try {
    const row = await writeUser({
      ctx,
      action: "user.create",
      target: { id, name: user.name },
      details: {
        role: user.role,
        limitBytes: user.limitBytes,
        resetPeriod: user.resetPeriod,
        expiresAt: user.expiresAt,
      },
      write: async (tx) => {
        const groups = await findGroups(tx, user.groups ?? []);
        return tx.user.create({
          data: {
            id,
            name: user.name,
            email: user.email,
            role: user.role,
            note: user.note,
            limitBytes: user.limitBytes === null ? null : BigInt(user.limitBytes),
            maxTunnels: user.maxTunnels ?? null,
            rateLimitBitsPerSecond: toBigInt(user.rateLimitBitsPerSecond ?? null),
            resetPeriod: user.resetPeriod,
            nextResetAt: nextReset(user.resetPeriod, new Date(now)),
            expiresAt,
            status: deriveStatus({
              isDisabled: false,
              isOnHold: false,
              expiresAt: expiresAt?.getTime() ?? null,
              limitBytes: user.limitBytes,
              usedBytes: 0,
              now,
            }),
            credentials: { create: credentials.map(({ row: { userId: _, ...rest } }) => rest) },
            usage: { create: {} },
            groups: { create: groups.map((group) => ({ groupId: group.id })) },
            invites: { create: { tokenHash: invite.tokenHash, expiresAt: invite.expiresAt } },
          },
          select: userSelect,
        });
      },
    });
    return await toUserSecrets(row, { url: invite.url, expiresAt: invite.expiresAt.toISOString() });
  } catch (error) {
    if (isUniqueViolation(error))
      throw conflict(`There already is a user “${user.name}”. Choose another name.`);
    throw error;
  }
}

const toBigInt = (value: number | null) => (value === null ? null : BigInt(value));
