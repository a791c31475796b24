import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runVpn } from "#cli/testing/run-vpn.ts";

const dir = mkdtempSync(join(tmpdir(), "causeway-completion-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function script(shell: string): Promise<string> {
  const { out, code } = await runVpn(["completion", shell], { dataDir: dir });
  expect(code).toBe(0);
  const file = join(dir, shell);
  writeFileSync(file, `${out}\n`);
  return file;
}
const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** Sources the script as a login shell would, and asks what it offers at the end of these words. */
async function completeInBash(...words: string[]): Promise<string[]> {
  const file = await script("bash");
  const program = `
    vpn() { [[ "$1 $2" == "names user" ]] && printf 'ada\\nadele\\nbob\\n'; [[ "$1 $2" == "names node" ]] && echo oslo; }
    source ${file}
    complete -p vpn >&2
    COMP_WORDS=(vpn ${words.map((word) => `'${word}'`).join(" ")})
    COMP_CWORD=${words.length}
    _vpn
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", program], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
    .split("\n")
    .filter((word) => word !== "");
}

describe("completion", () => {
  it("in bash offers commands, then theirs, then options", async () => {
    expect(await completeInBash("st")).toEqual(["status"]);
    expect(await completeInBash("user", "")).toEqual(
      expect.arrayContaining(["add", "list", "disable", "qr"]),
    );
    expect(await completeInBash("user", "add", "--l")).toEqual(["--limit"]);
    expect(await completeInBash("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await completeInBash("logs", "po")).toEqual(["postgres"]);
    expect(await completeInBash("")).not.toContain("names");
  });

  it("in bash asks for users and nodes where a command takes one", async () => {
    expect(await completeInBash("user", "disable", "ad")).toEqual(["ada", "adele"]);
    expect(await completeInBash("usage", "--user", "b")).toEqual(["bob"]);
    expect(await completeInBash("node", "show", "")).toEqual(["oslo"]);
    expect(await completeInBash("user", "add", "")).toEqual([]);
  });

  it.skipIf(!has("zsh"))("for zsh is a script that zsh understands", async () =>
    expect(spawnSync("zsh", ["-n", await script("zsh")]).status).toBe(0),
  );

  it.skipIf(!has("fish"))("in fish offers commands and options", async () => {
    const file = await script("fish");
    const ask = (line: string) =>
      execFileSync("fish", ["-c", `source ${file}; complete -C ${JSON.stringify(line)}`], {
        encoding: "utf8",
      });
    expect(ask("vpn st")).toContain("status");
    expect(ask("vpn user add --l")).toContain("--limit");
  });

  it("for every shell knows every command", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { out } = await runVpn(["completion", shell], { dataDir: dir });
      for (const word of ["doctor", "rotate", "remove", "--fingerprint", "--watch"])
        expect(out, shell).toContain(word.replace(/^--/, ""));
    }
  });
});
