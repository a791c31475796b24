import { describe, expect, it } from "vitest";
import { createProgram } from "#cli/create-program.ts";
import { runVpn } from "#cli/testing/run-vpn.ts";
import { makeIdleCli } from "#cli/testing/test-cli.ts";
import { readCommandTree } from "./command-tree.ts";
import { EXAMPLES } from "./examples.ts";
import { renderDocs } from "./render-docs.ts";

const tree = readCommandTree(createProgram(makeIdleCli(), "0.0.0"));
const leaves = tree.filter(({ path, subcommands }) => path !== "" && subcommands.length === 0);
/** They hand everything on to the launcher, which prints its own help. */
const HANDED_ON = new Set(["up", "down", "init", "upgrade"]);

describe("the help", () => {
  it.each(leaves.map(({ path }) => path))("of vpn %s describes it and shows an example of it", (path) => {
    const info = leaves.find((leaf) => leaf.path === path);
    expect(info?.description.length).toBeGreaterThan(8);
    expect(EXAMPLES[path] ?? [], `add examples of “${path}” to cli/help/examples.ts`).not.toEqual([]);
    for (const example of EXAMPLES[path] ?? []) expect(example).toContain(`vpn ${path}`);
  });

  it("has no example of a command that is not there", () =>
    expect(Object.keys(EXAMPLES).filter((path) => !leaves.some((leaf) => leaf.path === path))).toEqual([]));

  it.each(leaves.map(({ path }) => path).filter((path) => !HANDED_ON.has(path)))(
    "of vpn %s is what --help prints, within the terminal",
    async (path) => {
      const { code, out, errors } = await runVpn([...path.split(" "), "--help"], {
        dataDir: "/nowhere",
        columns: 80,
      });
      expect({ code, errors }).toEqual({ code: 0, errors: [] });
      expect(out).toContain(`Usage: vpn ${path}`);
      expect(out).toContain(`$ ${EXAMPLES[path]?.[0]}`);
      const [options = ""] = out.split(/\nExamples?:/);
      for (const line of options.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  it("begins with what an operator does, and ends with exit codes", async () => {
    const { out } = await runVpn(["--help"], { dataDir: "/nowhere", columns: 80 });
    for (const words of [
      "How it does:",
      "People and machines:",
      "This server:",
      "Exit codes:",
      "$ vpn status",
    ])
      expect(out).toContain(words);
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(82);
  });

  it("is docs/cli.md (vitest -u writes it anew)", async () => {
    await expect(renderDocs(tree)).toMatchFileSnapshot("../../docs/cli.md");
  });
});
