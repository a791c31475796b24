import type { CommandInfo } from "#cli/help/command-tree.ts";
import { knownWords, quote, toCases } from "./completion-case.ts";

/** A completion for zsh, with descriptions. */
export function renderZsh(tree: readonly CommandInfo[], programs: readonly string[]): string {
  const cases = toCases(tree);
  const groups = cases.filter(({ subcommands }) => subcommands.length > 0);
  const described = (items: readonly { name: string; description: string }[]) =>
    items.map(({ name, description }) => quote(`${name.replaceAll(":", "\\:")}:${description}`)).join(" ");
  return `#compdef vpn
# zsh completion for vpn. Made by: vpn completion zsh
_vpn() {
  local path_="" word kind="" i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case "$path_|$word" in
${groups.map((group) => `      (${group.subcommands.map(({ name }) => quote(`${group.path}|${name}`)).join("|")}) path_="\${path_:+$path_ }$word" ;;`).join("\n")}
    esac
  done
  case "$path_|$words[CURRENT-1]" in
${cases
  .flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value !== null)
      .map(({ name, value }) => `    (${quote(`${path}|${name}`)}) kind=${value} ;;`),
  )
  .join("\n")}
  esac
  if [[ -z $kind ]]; then
    case "$path_" in
${cases
  .map(
    (one) =>
      `      (${quote(one.path)}) kind=${one.argument}; items=(${described(one.subcommands)}); [[ $words[CURRENT] == -* ]] && kind=other items=(${described(one.options)}) ;;`,
  )
  .join("\n")}
    esac
  fi
  case "$kind" in
    (user|node) items+=(\${(f)"$(vpn names $kind "$words[CURRENT]" 2>/dev/null)"}) ;;
    (program) items+=(${(knownWords("program", programs) ?? []).join(" ")}) ;;
    (shell) items+=(${(knownWords("shell", programs) ?? []).join(" ")}) ;;
    (file) _files; return ;;
  esac
  _describe 'vpn' items
}
# Sourced, or found in fpath as _vpn and called at the first completion.
if [[ $funcstack[1] == _vpn ]]; then _vpn "$@"; else compdef _vpn vpn; fi`;
}
