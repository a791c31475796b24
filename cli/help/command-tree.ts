import type { Command, Option } from "commander";

/** What a word on the command line names, for completion. */
export type WordKind = "user" | "node" | "program" | "shell" | "file" | "other";

export type CommandInfo = {
  /** `user add`; the program itself is "". */
  path: string;
  description: string;
  usage: string;
  group: string;
  subcommands: string[];
  options: {
    flags: string;
    names: string[];
    takesValue: boolean;
    description: string;
    group: string;
    value: WordKind;
  }[];
  arguments: { name: string; isRequired: boolean; description: string; kind: WordKind }[];
};

/** The whole command line as data: for completion, docs/cli.md and tests. Hidden commands are left out. */
export function readCommandTree(program: Command): CommandInfo[] {
  const walk = (command: Command, path: string): CommandInfo[] => {
    const visible = command
      .createHelp()
      .visibleCommands(command)
      .filter((sub) => sub.name() !== "help");
    return [
      toInfo(command, path, visible),
      ...visible.flatMap((sub) => walk(sub, path === "" ? sub.name() : `${path} ${sub.name()}`)),
    ];
  };
  return walk(program, "");
}

function toInfo(command: Command, path: string, visible: readonly Command[]): CommandInfo {
  const help = command.createHelp();
  return {
    path,
    description: command.description(),
    usage: `${path === "" ? "vpn" : `vpn ${path}`} ${command.usage()}`.trim(),
    group: command.helpGroup() ?? "",
    subcommands: visible.map((sub) => sub.name()),
    options: help.visibleOptions(command).map((option) => ({
      flags: option.flags,
      names: [option.short, option.long].filter((name) => name !== undefined),
      takesValue: option.required || option.optional,
      description: help.optionDescription(option),
      group: option.helpGroupHeading ?? "",
      value: kindOfOption(option),
    })),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      isRequired: argument.required,
      description: argument.description,
      kind: kindOfArgument(path, argument.name()),
    })),
  };
}

function kindOfOption(option: Option): WordKind {
  if (option.long === "--user") return "user";
  return option.flags.includes("<file>") ? "file" : "other";
}

function kindOfArgument(path: string, name: string): WordKind {
  if (path === "logs") return "program";
  if (path === "completion") return "shell";
  if (name !== "name") return "other";
  if (path.startsWith("user ") && path !== "user add") return "user";
  return path.startsWith("node ") && path !== "node add" ? "node" : "other";
}
