import { readComposeSettings } from "#stack/compose/compose-settings.ts";
import { setOwners } from "#stack/compose/set-owners.ts";
import { addressesOf } from "#stack/compose/write-files.ts";
import { parseFlags } from "#stack/flags.ts";
import { ensureDatabase, ensureReader } from "#stack/postgres/prepare.ts";
import { say } from "#stack/progress.ts";
import { migrate, provision } from "#stack/provision.ts";
import { ensureSecrets } from "#stack/secrets.ts";
import { readCompleteSettings } from "#stack/settings.ts";
import { runMain, StackError } from "#stack/stack-error.ts";

/**
 * Compose's one-shot service `migrate`, before web and controller start: database, migrations, owner, node, the CLI's
 * token. The owner's password waits in a 0600 file for `vpn` to show it once; no log has it.
 */
await runMain(async () => {
  const flags = parseFlags({ "reset-owner": { type: "boolean" } });
  const settings = readCompleteSettings();
  const compose = readComposeSettings();
  if (settings === null || compose === null)
    throw new StackError("Nothing is set up yet. Run on the server: ./vpn init");
  const addresses = addressesOf(settings, compose);
  const secrets = ensureSecrets(addresses);
  const database = addresses.of("postgres");
  await ensureDatabase(database, secrets);
  await migrate();
  await ensureReader(database, secrets);
  const resetOwner = flags["reset-owner"] ?? false;
  const { owner } = await provision(settings, addresses, secrets, { resetOwner, demoUser: null });
  setOwners();
  say(`The database is ready; the owner is ${owner.name}.`);
});
