import { randomBytes } from "node:crypto";
import { z } from "zod";
import { type UserSecrets, userNameSchema } from "#lib/schemas/user.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { createNodeInputSchema } from "#server/nodes/create-node.ts";
import { placeNode } from "#server/nodes/place-node.ts";
import { endSessionsOf } from "#server/session-rows/end-sessions-of.ts";
import { upsertCliToken } from "#server/tokens/upsert-cli-token.ts";
import { createUser } from "#server/users/create-user.ts";
import { hashPassword } from "#server/users/password-hash.ts";
import { toUserSecrets } from "#server/users/to-user-secrets.ts";
import { userSelect } from "#server/users/user-row.ts";
import { writeUser } from "#server/users/write-user.ts";

export const provisionInputSchema = z.strictObject({
  owner: z.strictObject({ name: userNameSchema }),
  /** An example to try the doors with; null makes none. */
  demoUser: userNameSchema.nullable(),
  node: createNodeInputSchema,
  /** Hex SHA-256 of the CLI's token file. */
  cliTokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** `vpn owner reset`: a new random password for the owner, whose sign-ins all end. */
  resetOwner: z.boolean().default(false),
});
export type ProvisionInput = z.input<typeof provisionInputSchema>;

export type Provisioned = {
  /** The password only where this very run set it. */
  owner: { name: string; password: string | null };
  /** null when the demo user was deleted since. */
  user: UserSecrets | null;
};

const USER_DEFAULTS = {
  email: null,
  note: "",
  limitBytes: null,
  resetPeriod: "never",
  expiresAt: null,
} as const;

/**
 * What an installation needs before anybody can sign in. Safe to repeat, and to run again after dying anywhere:
 * the owner's password comes last, and as long as there is none this counts as the first run.
 */
export async function provision({
  ctx,
  input,
}: {
  ctx: Context;
  input: ProvisionInput;
}): Promise<Provisioned> {
  const owner = await findOrCreateOwner(ctx, input.owner.name);
  const isFirstRun = owner.passwordHash === null;
  await placeNode({ ctx, input: input.node });
  await upsertCliToken({ ctx, tokenHash: input.cliTokenHash });
  const { demoUser } = input;
  if (isFirstRun && demoUser !== null && (await findUser(demoUser)) === null)
    await createUser({
      ctx,
      input: { ...USER_DEFAULTS, name: demoUser, role: "user", note: "Example user made by `up`." },
    });
  const demo = demoUser === null ? null : await findUser(demoUser);
  const user = demo === null ? null : await toUserSecrets(demo);
  const password = isFirstRun || input.resetOwner === true ? await setRandomPassword(ctx, owner) : null;
  return { owner: { name: owner.name, password }, user };
}

const findUser = (name: string) => getDb().user.findUnique({ where: { name }, select: userSelect });

async function findOrCreateOwner(ctx: Context, name: string) {
  const owners = await getDb().user.findMany({
    where: { role: "owner" },
    orderBy: { createdAt: "asc" },
    select: userSelect,
  });
  const owner = owners.find((candidate) => candidate.name === name) ?? owners[0];
  if (owner !== undefined) return owner;
  await createUser({ ctx, input: { ...USER_DEFAULTS, name, role: "owner" } });
  return getDb().user.findUniqueOrThrow({ where: { name }, select: userSelect });
}

async function setRandomPassword(ctx: Context, owner: { id: string; name: string }): Promise<string> {
  const password = randomBytes(15).toString("base64url");
  const passwordHash = await hashPassword(password);
  await writeUser({
    ctx,
    action: "user.set-password",
    target: owner,
    write: async (tx, news) => {
      news.endedSessions = await endSessionsOf(tx, owner.id);
      await tx.user.update({ where: { id: owner.id }, data: { passwordHash }, select: { id: true } });
      // Creating a user makes an invite; nobody was shown this one.
      await tx.invite.deleteMany({ where: { userId: owner.id } });
    },
  });
  return password;
}
