import type { CommandInfo } from "#cli/help/command-tree.ts";
import { type CompletionCase, knownWords, quote, toCases } from "./completion-case.ts";

/** A completion for bash 4 and later; needs no bash-completion package. */
export function renderBash(tree: readonly CommandInfo[], programs: readonly string[]): string {
  const cases = toCases(tree);
  const groups = cases.filter(({ subcommands }) => subcommands.length > 0);
  return `# bash completion for vpn. Made by: vpn completion bash
_vpn() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path|$word" in
${groups.map((group) => `      ${group.subcommands.map(({ name }) => quote(`${group.path}|${name}`)).join(" | ")}) path="\${path:+$path }$word" ;;`).join("\n")}
    esac
  done
  local words="" kind=""
  case "$path|$prev" in
${valueCases(cases)}
  esac
  if [[ -z $kind ]]; then
    case "$path" in
${cases.map((one) => `      ${quote(one.path)}) words=${quote(one.subcommands.map(({ name }) => name).join(" "))} kind=${one.argument}; [[ $cur == -* ]] && words=${quote(one.options.map(({ name }) => name).join(" "))} kind=other ;;`).join("\n")}
    esac
  fi
  case "$kind" in
    user | node) words="$words $(vpn names "$kind" "$cur" 2>/dev/null)" ;;
    program) words="$words ${(knownWords("program", programs) ?? []).join(" ")}" ;;
    shell) words="$words ${(knownWords("shell", programs) ?? []).join(" ")}" ;;
    file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _vpn vpn ./vpn`;
}

/** After an option that takes a value: that value, or nothing that could be guessed. */
function valueCases(cases: readonly CompletionCase[]): string {
  return cases
    .flatMap(({ path, options }) =>
      options
        .filter(({ value }) => value !== null)
        .map(({ name, value }) => `    ${quote(`${path}|${name}`)}) kind=${value} ;;`),
    )
    .join("\n");
}
