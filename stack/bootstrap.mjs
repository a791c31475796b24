// Runs on any Node ≥ 18 with nothing installed: installs the packages, then goes on with the Node they bring.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COMMANDS = new Set(["up", "down", "test", "verify", "bench"]);
// `prisma generate` and the install scripts need no engine: reference for the reason is docs/decisions.
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", NEXT_TELEMETRY_DISABLED: "1" };

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function run(command, args, what, cwd = root) {
  const result = spawnSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 64 << 20 });
  if (result.status === 0) return;
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim().split("\n").slice(-15).join("\n");
  if (output) process.stderr.write(`${output}\n`);
  fail(`${what} failed (${result.error?.message ?? `exit code ${result.status}`}). See the lines above.`);
}

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
    const args = ["ci", "--loglevel=error", "--no-audit", "--no-fund"];
    if (npm?.endsWith(".js")) run(process.execPath, [npm, ...args], "npm ci");
    else run("npm", args, "npm ci");
  }
  writeFileSync(marker, hash(lock));
}

/** Runs a generator when its sources or its version changed. */
function generate(what, sources, directory, generator, cwd = root) {
  const marker = join(root, directory, ".source-hash");
  const wanted = hash(...sources.flatMap(listFiles), join(root, "package-lock.json"));
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  process.stderr.write(`Generating ${what}…\n`);
  run(node, generator, `Generating ${what}`, cwd);
  writeFileSync(marker, wanted);
}

function listFiles(path) {
  const full = join(root, path);
  if (statSync(full).isFile()) return [full];
  return readdirSync(full)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
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
const prisma = [join(root, "node_modules/prisma/build/index.js"), "generate"];
generate("the database client", ["prisma/schema.prisma"], "server/generated/prisma", prisma);
const proto = "server/xray/proto";
const buf = [join(root, "node_modules/@bufbuild/buf/bin/buf"), "generate", "."];
generate("Xray's messages", [proto], "server/xray/generated", buf, join(root, proto));

const entry = join(root, "stack", `${command}.ts`);
if (!existsSync(entry)) fail(`“${command}” is not there yet.`);
env.NODE_NO_WARNINGS = "1";
const child = spawn(node, [entry, ...args], { cwd: root, env, stdio: "inherit" });
// The terminal sends its signals to the whole group; those sent to this process alone are passed on.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
