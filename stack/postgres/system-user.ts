import { chownSync, lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { tryCommand } from "#stack/run-command.ts";
import { StackError } from "#stack/stack-error.ts";

const NAME = "causeway-pg";

/** How a PostgreSQL program is started: as itself, or by root in the shoes of a system user. */
export type PostgresRunner = { owner: { uid: number; gid: number } | null; prefix: string[] };

/** PostgreSQL refuses to run as root: root runs it as a system user of its own, made here. */
export async function preparePostgresRunner(binary: string, directory: string): Promise<PostgresRunner> {
  if (process.getuid?.() !== 0) return { owner: null, prefix: [] };
  const owner = (await findUser()) ?? (await createUser());
  const setpriv = ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"];
  const prefix = [...setpriv, "--inh-caps=-all"];
  if (await canReach(prefix, binary, directory)) return { owner, prefix };
  // The checkout lies below a directory closed to others (/root, mktemp): let this user pass through directories.
  for (const capability of ["dac_read_search", "dac_override"]) {
    const capabilities = [`--inh-caps=-all,+${capability}`, `--ambient-caps=-all,+${capability}`];
    // initdb asks with access(2), which leaves capabilities out of account unless this bit is set.
    const open = [...setpriv, "--securebits=+no_setuid_fixup", ...capabilities];
    if (await canReach(open, binary, directory)) return { owner, prefix: open };
  }
  throw new StackError(
    `The system user ${NAME} cannot reach ${binary} or ${directory}. Move the checkout out of the closed directory, e.g. to /opt or /srv.`,
  );
}

/** Tried, not reasoned: `test -x` looks at mode bits and does not know capabilities. */
async function canReach([command = "", ...args]: string[], binary: string, directory: string) {
  const runs = await tryCommand(command, [...args, binary, "--version"], { cwd: "/" });
  const sees = await tryCommand(command, [...args, "ls", "-d", directory], { cwd: "/" });
  return runs.code === 0 && sees.code === 0;
}

async function findUser() {
  const found = await tryCommand("getent", ["passwd", NAME]);
  const fields = found.stdout.trim().split(":");
  return found.code === 0 ? { uid: Number(fields[2]), gid: Number(fields[3]) } : null;
}

async function createUser() {
  await tryCommand("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    NAME,
  ]);
  const made = await findUser();
  if (made === null)
    throw new StackError(
      `PostgreSQL cannot run as root and no system user could be made. Run: useradd --system ${NAME}`,
    );
  return made;
}

/** A data directory restored or copied by root belongs to root: give it back. */
export function giveTo(directory: string, owner: PostgresRunner["owner"]): void {
  if (owner === null) return;
  const visit = (path: string) => {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return;
    chownSync(path, owner.uid, owner.gid);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  if (statSync(directory).uid !== owner.uid) visit(directory);
}
