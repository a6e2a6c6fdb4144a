import { regionNames } from "../lib/core/region.ts";
import type { Completable, CompletableOption } from "./completion.ts";

const regions = regionNames.join(" ");

/** zsh describes each word; `_arguments` knows what was given already. */
export const zshScript = ([program, ...commands]: readonly Completable[]): string =>
  `#compdef holdfast
# zsh completion for holdfast: source <(holdfast completion zsh)
_holdfast() {
  local context state line
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${zshWord(`${name}:${description}`)}`).join("\n")}
  )
  _arguments -C ${(program?.options ?? []).map(zshOption).join(" ")} '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${commands.map(zshCase).join("\n")}
      esac ;;
  esac
}
compdef _holdfast holdfast`;

const zshCase = (command: Completable): string => {
  const { name, options, choices, takesFile } = command;
  const rest = choices.length > 0 ? `'*: :(${choices.join(" ")})'` : takesFile ? "'*:file:_files'" : "";
  return `        ${name}) _arguments ${[...options.map(zshOption), rest].join(" ").trim()} ;;`;
};

const zshOption = ({ flag, description, value }: CompletableOption): string => {
  const kinds = { none: "", file: ":file:_files", region: `:region:(${regions})`, free: ":value: " } as const;
  return zshWord(`${flag}[${description.replaceAll(/[[\]]/g, "")}]${kinds[value]}`);
};

const zshWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** fish has a line for each word. */
export const fishScript = ([program, ...commands]: readonly Completable[]): string => {
  const line = (words: string): string => `complete -c holdfast ${words}`;
  const first = "-n __fish_use_subcommand";
  const of = (name: string): string => `-n '__fish_seen_subcommand_from ${name}'`;
  return [
    "# fish completion for holdfast: holdfast completion fish | source",
    line("-f"),
    ...(program?.options ?? []).map((option) => line(`${first} ${fishOption(option)}`)),
    ...commands.flatMap(({ name, description, options, choices, takesFile }) => [
      line(`${first} -a ${name} -d ${fishWord(description)}`),
      ...options.map((option) => line(`${of(name)} ${fishOption(option)}`)),
      ...(choices.length > 0 ? [line(`${of(name)} -a ${fishWord(choices.join(" "))}`)] : []),
      ...(takesFile ? [line(`${of(name)} -F`)] : []),
    ]),
  ].join("\n");
};

const fishOption = ({ flag, description, value }: CompletableOption): string => {
  const kinds = { none: "", file: " -r -F", region: ` -x -a ${fishWord(regions)}`, free: " -x" } as const;
  return `-l ${flag.replace(/^--/, "")} -d ${fishWord(description)}${kinds[value]}`;
};

const fishWord = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
