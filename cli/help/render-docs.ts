import type { CommandInfo } from "./command-tree.ts";
import { EXAMPLES } from "./examples.ts";

const HEAD = `# The command line

\`./vpn\` in the checkout. This page is made from the commands themselves (\`cli/help/render-docs.ts\`); a test holds the two equal.

- **Which installation.** \`--url\`, else \`CAUSEWAY_URL\`, else the one that runs in this checkout, else the last \`vpn login\`. A token goes only to the address it belongs to: the checkout's own (actor \`local-cli\`: admin, nobody's account) to its stack, a login's to its host. \`CAUSEWAY_TOKEN\` and \`CAUSEWAY_CA\` stand in for \`--token\` and \`--ca\`.
- **Output.** Tables fit the terminal: less important columns go first. In a pipe nothing is coloured or cut. \`NO_COLOR\` switches colours off. \`--json\` is for programs, on every command that answers something.
- **Exit codes.** 0 done · 1 it did not work · 2 called wrongly · 3 looked at, and something is down (\`status\`, \`doctor\`). What went wrong is one line on stderr that says what to do.
- **Scripts.** \`--yes\` where a command would ask; secrets by stdin or file (\`--password-stdin\`, \`--token-stdin\`, \`--token-file\`), as others on the machine see arguments.
- **Completion.** \`vpn completion bash|zsh|fish\` knows the commands and asks for users' and nodes' names.
`;

/** docs/cli.md */
export function renderDocs(tree: readonly CommandInfo[]): string {
  const leaves = tree.filter(({ path, subcommands }) => path !== "" && subcommands.length === 0);
  return `${[HEAD, ...leaves.map(renderCommand)].join("\n")}`;
}

function renderCommand(info: CommandInfo): string {
  const own = info.options.filter(({ group, names }) => group === "" && !names.includes("--help"));
  const reaches = info.options.some(({ group }) => group !== "");
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = [
    ...info.arguments.map((one) => [
      `\`${one.isRequired ? `<${one.name}>` : `[${one.name}]`}\``,
      one.description,
    ]),
    ...own.map(({ flags, description }) => [`\`${flags}\``, description]),
  ].map(([name = "", text = ""]) => `| ${cell(name)} | ${cell(text)} |`);
  return [
    `## vpn ${info.path}`,
    "",
    `${info.description}.`,
    "",
    ...(rows.length === 0 ? [] : ["| | |", "|---|---|", ...rows, ""]),
    ...(reaches ? ["Takes `--url --token --token-file --ca`.", ""] : []),
    "```sh",
    ...(EXAMPLES[info.path] ?? []),
    "```",
    "",
  ].join("\n");
}
