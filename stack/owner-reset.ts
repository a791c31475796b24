import { onLoopback } from "#stack/addresses.ts";
import { parseFlags } from "#stack/flags.ts";
import { withLaunchLock } from "#stack/launch-lock.ts";
import { forgetOwnerPassword, provision } from "#stack/provision.ts";
import { ensureSecrets } from "#stack/secrets.ts";
import { readCompleteSettings } from "#stack/settings.ts";
import { runMain, StackError } from "#stack/stack-error.ts";
import { findSupervisor } from "#stack/supervisor/state.ts";

/** `vpn owner reset`: who may read this installation's secrets may also give its owner a new password. */
await runMain(async () => {
  const { json } = parseFlags({ json: { type: "boolean" } });
  const settings = readCompleteSettings();
  if (settings === null || findSupervisor() === null)
    throw new StackError(
      "Nothing runs here, and the database is needed for this. Start it first: npm run up",
    );
  const addresses = onLoopback(settings.ports);
  const { owner } = await withLaunchLock(() =>
    provision(settings, addresses, ensureSecrets(addresses), { resetOwner: true }),
  );
  forgetOwnerPassword();
  process.stdout.write(
    json === true
      ? `${JSON.stringify(owner)}\n`
      : `${owner.name}  ${owner.password}\nShown only now. Every sign-in of ${owner.name} has ended.\n`,
  );
});
