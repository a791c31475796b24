import type { CommandInfo, WordKind } from "#cli/help/command-tree.ts";

/** What may stand after a command: words that are known now, and names that are asked for when needed. */
export type CompletionCase = {
  path: string;
  subcommands: { name: string; description: string }[];
  options: { name: string; description: string; value: WordKind | null }[];
  argument: WordKind;
};

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** One case a command, from the tree. */
export function toCases(tree: readonly CommandInfo[]): CompletionCase[] {
  const descriptionOf = (path: string) => tree.find((info) => info.path === path)?.description ?? "";
  return tree.map((info) => ({
    path: info.path,
    subcommands: info.subcommands.map((name) => ({
      name,
      description: descriptionOf(info.path === "" ? name : `${info.path} ${name}`),
    })),
    options: info.options.flatMap(({ names, takesValue, description, value }) =>
      names.map((name) => ({ name, description, value: takesValue ? value : null })),
    ),
    argument: info.arguments[0]?.kind ?? "other",
  }));
}

/** Words of a kind that never change; null: the API or the file system knows. */
export function knownWords(kind: WordKind, programs: readonly string[]): readonly string[] | null {
  if (kind === "shell") return SHELLS;
  return kind === "program" ? programs : null;
}

/** Options of a shell word between single quotes. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
