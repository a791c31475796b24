import type { CommandInfo } from "#cli/help/command-tree.ts";
import { knownWords, quote, toCases } from "./completion-case.ts";

/** A completion for fish, with descriptions. */
export function renderFish(tree: readonly CommandInfo[], programs: readonly string[]): string {
  const cases = toCases(tree);
  const groups = cases.filter(({ subcommands }) => subcommands.length > 0);
  const lines = cases.flatMap(({ path, subcommands, options, argument }) => {
    const at = `-n ${quote(`__vpn_at ${quoteInside(path)}`)}`;
    const words = knownWords(argument, programs);
    return [
      ...subcommands.map(
        ({ name, description }) => `complete -c vpn ${at} -a ${quote(name)} -d ${quote(description)}`,
      ),
      ...options.map(({ name, description, value }) =>
        [
          `complete -c vpn ${at}`,
          name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
          value === null ? "" : "-r",
          value === "user"
            ? `-a '(vpn names user (commandline -ct) 2>/dev/null)'`
            : value === "file"
              ? "-F"
              : "",
          `-d ${quote(description)}`,
        ]
          .filter((part) => part !== "")
          .join(" "),
      ),
      ...(argument === "user" || argument === "node"
        ? [`complete -c vpn ${at} -a '(vpn names ${argument} (commandline -ct) 2>/dev/null)'`]
        : []),
      ...(words === null ? [] : [`complete -c vpn ${at} -a ${quote(words.join(" "))}`]),
    ];
  });
  return `# fish completion for vpn. Made by: vpn completion fish
function __vpn_path
  set -l path ''
  for word in (commandline -opc)[2..-1]
    switch "$path|$word"
${groups
  .flatMap((group) =>
    group.subcommands.map(({ name }) => {
      const inner = group.path === "" ? name : `${group.path} ${name}`;
      return `      case ${quote(`${group.path}|${name}`)}\n        set path ${quote(inner)}`;
    }),
  )
  .join("\n")}
    end
  end
  echo $path
end
function __vpn_at
  test (__vpn_path) = "$argv"
end
complete -c vpn -f
${lines.join("\n")}`;
}

/** Words inside a condition that is quoted as a whole already. */
const quoteInside = (path: string): string => (path === "" ? '""' : path);
