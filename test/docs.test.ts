import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** Paths in backticks whose first part is a folder of ours. */
const PATH = /`((?:app|bench|cli|components|docs|e2e|lib|prisma|server|stack|test)\/[\w./()[\]-]*)`/g;
const LINK = /\]\((?!https?:)([^)#]+)\)/g;

it.each([
  "README.md",
  "docs/architecture.md",
  "docs/scale.md",
  "docs/metrics.md",
  "docs/operations.md",
  "docs/cli.md",
])("%s names only files that exist", (file) => {
  const text = readFileSync(join(ROOT, file), "utf8");
  const paths = [...text.matchAll(PATH)].map(([, path = ""]) => join(ROOT, path));
  const links = [...text.matchAll(LINK)].map(([, path = ""]) => join(ROOT, dirname(file), path));
  expect([...paths, ...links].filter((path) => !existsSync(path))).toEqual([]);
});
