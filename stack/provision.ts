import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { userSecretsSchema } from "#lib/schemas/user.ts";
import type { Addresses } from "#stack/addresses.ts";
import { identityEnvironment } from "#stack/environments.ts";
import { writeAtomic } from "#stack/files.ts";
import { ROOT, secretPath } from "#stack/paths.ts";
import { ourEnvironment } from "#stack/programs.ts";
import { runCommand } from "#stack/run-command.ts";
import type { Secrets } from "#stack/secrets.ts";
import type { Settings } from "#stack/settings.ts";
import { StackError } from "#stack/stack-error.ts";

/** What server/provision/main.ts answers; the owner's password is null unless it was made just now. */
const provisionedSchema = z.object({
  owner: z.object({ name: z.string(), password: z.string().nullable() }),
  /** null when the example user was deleted since. */
  user: userSecretsSchema.nullable(),
});
export type Provisioned = z.infer<typeof provisionedSchema>;

export async function migrate(): Promise<void> {
  const script = join(ROOT, "prisma/migrate.ts");
  if (!existsSync(script))
    throw new StackError("prisma/migrate.ts is missing: the checkout is not complete.");
  const onlyEnv = ourEnvironment({ DATABASE_URL_FILE: secretPath("database-url") });
  await runCommand(process.execPath, [script], "Migrating the database", { cwd: ROOT, onlyEnv });
}

/** Owner, example user, local node and the CLI's token: made when missing, the same on every later run. */
export async function provision(
  settings: Settings,
  addresses: Addresses,
  secrets: Secrets,
  { resetOwner = false, demoUser = "demo" }: { resetOwner?: boolean; demoUser?: string | null } = {},
): Promise<Provisioned> {
  const { ports } = settings;
  const input = {
    owner: { name: "owner" },
    demoUser,
    node: {
      name: "local",
      agentUrl: `https://${addresses.of("agent")}`,
      publicHost: settings.publicHost,
      directPort: ports.vpn,
      edgePublicPort: ports.https,
      edgeListenPort: ports.vpnEdge,
      edgeListenHost: addresses.innerHost,
      serverName: settings.realityServerName,
      realityTarget: settings.realityTarget ?? addresses.of("reality"),
    },
    cliTokenHash: secrets.cliTokenHash,
    resetOwner,
  };
  const result = await runCommand(
    process.execPath,
    [join(ROOT, "server/provision/main.ts")],
    "Making the accounts",
    {
      cwd: ROOT,
      onlyEnv: ourEnvironment(identityEnvironment(settings, { secret: secretPath })),
      input: JSON.stringify(input),
    },
  );
  const parsed = provisionedSchema.safeParse(JSON.parse(result.stdout));
  if (!parsed.success)
    throw new StackError(`server/provision/main.ts answered something unexpected: ${parsed.error.message}`);
  return keepOwnerPassword(parsed.data);
}

const pendingPassword = () => secretPath("owner-password.unseen");

/** The owner's password exists once: until somebody has seen it, a failed `up` must not lose it. */
function keepOwnerPassword(made: Provisioned): Provisioned {
  const { password } = made.owner;
  if (password !== null) writeAtomic(pendingPassword(), password);
  else if (existsSync(pendingPassword()))
    return { ...made, owner: { ...made.owner, password: readFileSync(pendingPassword(), "utf8") } };
  return made;
}

/** After it was printed. */
export const forgetOwnerPassword = () => rmSync(pendingPassword(), { force: true });
