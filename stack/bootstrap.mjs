// Runs on any Node ≥ 18 with nothing installed: installs the packages, then goes on with the Node they bring.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COMMANDS = new Set(["up", "down", "test", "verify", "bench", "owner-reset", "join", "test-long"]);
// `prisma generate` and the install scripts need no engine (docs/decisions/002-prisma-without-engines.md).
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", NEXT_TELEMETRY_DISABLED: "1" };

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function attempt(command, args, cwd = root) {
  const result = spawnSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 64 << 20 });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
  return { status: result.status, output, reason: result.error?.message ?? `exit code ${result.status}` };
}

function finish({ status, output, reason }, what) {
  if (status === 0) return;
  if (output) process.stderr.write(`${output.split("\n").slice(-15).join("\n")}\n`);
  fail(`${what} failed (${reason}). See the lines above.`);
}

const run = (command, args, what, cwd) => finish(attempt(command, args, cwd), what);

function hash(...paths) {
  const sum = createHash("sha256");
  for (const path of paths) sum.update(readFileSync(path));
  return sum.digest("hex");
}
const mtime = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function installPackages() {
  const lock = join(root, "package-lock.json");
  const marker = join(root, "node_modules/.causeway-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash(lock)) return;
  if (mtime(join(root, "node_modules/.package-lock.json")) + 5_000 < mtime(lock)) {
    process.stderr.write("Installing the npm packages (about a minute)…\n");
    const npm = process.env.npm_execpath;
    const [command, ...first] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
    const flags = ["--loglevel=error", "--no-audit", "--no-fund"];
    // A registry without some other system's optional package makes `ci` refuse a good lockfile: `install` keeps
    // to the same versions.
    const result = attempt(command, [...first, "ci", ...flags]);
    if (/EUSAGE/.test(result.output))
      run(command, [...first, "install", "--no-save", ...flags], "npm install");
    else finish(result, "npm ci");
  }
  writeFileSync(marker, hash(lock));
}

function generateClient(node) {
  const marker = join(root, "server/generated/prisma/.source-hash");
  const wanted = hash(join(root, "prisma/schema.prisma"), join(root, "package-lock.json"));
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  process.stderr.write("Generating the database client…\n");
  run(node, [join(root, "node_modules/prisma/build/index.js"), "generate"], "prisma generate");
  writeFileSync(marker, wanted);
}

const [command, ...args] = process.argv.slice(2);
if (!COMMANDS.has(command))
  fail(`Unknown command “${command ?? ""}”. Use one of: ${[...COMMANDS].join(", ")}.`);
if (process.platform !== "linux")
  fail("Causeway runs on Linux only. Use a Linux machine, a virtual machine, or the Docker images.");
if (Number(process.versions.node.split(".")[0]) < 18)
  fail(`Node ${process.versions.node} is too old to start with. Install Node 18 or newer.`);

installPackages();
const node = join(root, "node_modules/node/bin/node");
if (!existsSync(node)) {
  // The package's install script was switched off (ignore-scripts): run it by hand.
  const require = createRequire(join(root, "package.json"));
  run(process.execPath, [require.resolve("node/installArchSpecificPackage.js")], "Installing Node 24");
}
env.PATH = `${dirname(node)}${delimiter}${join(root, "node_modules/.bin")}${delimiter}${env.PATH ?? ""}`;
generateClient(node);

const entry = join(root, "stack", `${command}.ts`);
if (!existsSync(entry)) fail(`“${command}” is not there yet.`);
env.NODE_NO_WARNINGS = "1";
const child = spawn(node, [entry, ...args], { cwd: root, env, stdio: "inherit" });
// The terminal sends its signals to the whole group; those sent to this process alone are passed on.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
