import { regionNames } from "../lib/core/region.ts";
import type { Completable, CompletableOption } from "./completion.ts";

/**
 * Bash of any age: macOS still has 3.2, without associative arrays. It breaks words at an equals sign, which is then a word of
 * its own, and would break the names of files at their spaces.
 */
export const bashScript = ([program, ...commands]: readonly Completable[]): string =>
  `# bash completion for holdfast: source <(holdfast completion bash)
_holdfast_files() {
  local file
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$1")
}
_holdfast() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" at words="" files=""
  COMPREPLY=()
  [[ "$word" == "=" ]] && word=""
  [[ "$before" == "=" ]] && before="\${COMP_WORDS[COMP_CWORD-2]}"
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
      ${commands.map(({ name }) => name).join("|")}) command="\${COMP_WORDS[at]}"; break ;;
    esac
  done
  case "$before" in
${flagCases([program, ...commands].flatMap((one) => one?.options ?? []))}
  esac
  case "$command" in
${commands.map(commandCase).join("\n")}
    *) words="${[...commands.map(({ name }) => name), ...flagsOf(program)].join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ -n "$files" && "$word" != -* ]] && _holdfast_files "$word"
  return 0
}
complete -o filenames -F _holdfast holdfast`;

const flagsOf = (command: Completable | undefined): readonly string[] =>
  (command?.options ?? []).map(({ flag }) => flag);

const commandCase = (command: Completable): string => {
  const words = [...command.choices, ...flagsOf(command)].join(" ");
  return `    ${command.name}) words="${words}"${command.takesFile ? " files=yes" : ""} ;;`;
};

/** What follows a flag that takes a value: a file, a region, or whatever somebody writes. */
const flagCases = (options: readonly CompletableOption[]): string => {
  const answers = {
    file: '_holdfast_files "$word"; return 0',
    region: `COMPREPLY=($(compgen -W "${regionNames.join(" ")}" -- "$word")); return 0`,
    free: "return 0",
  } as const;
  return (["file", "region", "free"] as const)
    .flatMap((value) => {
      const flags = [...new Set(options.filter((one) => one.value === value).map(({ flag }) => flag))];
      return flags.length === 0 ? [] : [`    ${flags.join("|")}) ${answers[value]} ;;`];
    })
    .join("\n");
};
