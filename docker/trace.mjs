// node docker/trace.mjs OUT ENTRY… +PATH…: copies the entries with every module they can load, and the paths, to OUT.
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join, resolve } from "node:path";

const require = createRequire(import.meta.url);
// The tracer behind Next's standalone output.
const { nodeFileTrace } = require("next/dist/compiled/@vercel/nft");
const [out = "", ...wanted] = process.argv.slice(2);
const entries = wanted.filter((path) => !path.startsWith("+"));
const extras = wanted.filter((path) => path.startsWith("+")).map((path) => path.slice(1));
const root = process.cwd();

const { fileList, warnings } = await nodeFileTrace(
  entries.map((entry) => resolve(entry)),
  {
    base: root,
    processCwd: root,
    // Files that a program reads are named by hand (+PATH): guessing takes in half of the tree.
    analysis: { emitGlobs: false, computeFileReferences: false, evaluatePureExpressions: true },
    readFile: (path) => {
      if (!existsSync(path) || !lstatSync(path).isFile()) return null;
      const text = readFileSync(path);
      return path.endsWith(".ts") ? stripTypeScriptTypes(text.toString()) : text;
    },
  },
);

// Packages try what is not installed; our own files must all be there.
for (const { message } of warnings)
  if (message.includes("Cannot find") && !/loaded from \S*node_modules/.test(message))
    process.stderr.write(`trace: ${message}\n`);
for (const file of [...fileList, ...extras, "package.json"]) {
  const to = join(out, file);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, file), to, { recursive: true, dereference: true });
}
process.stdout.write(`${out}: ${fileList.size} files\n`);
