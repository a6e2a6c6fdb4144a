import { Argument, Command } from "commander";
import { bashScript } from "./completion-bash.ts";
import { fishScript, zshScript } from "./completion-others.ts";

/** A command as a shell has to know it. */
export interface Completable {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletableOption[];
  /** Words that its arguments may be; empty where these are free. */
  readonly choices: readonly string[];
  /** Whether its argument is a file. */
  readonly takesFile: boolean;
}

export interface CompletableOption {
  readonly flag: string;
  readonly description: string;
  readonly value: "none" | "file" | "region" | "free";
}

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export const completionCommand = (): Command =>
  new Command("completion")
    .description("Print a script that lets a shell complete commands and options")
    .addArgument(new Argument("<shell>", "whose script").choices(Object.keys(scripts)))
    .addHelpText(
      "after",
      `
Examples:
  source <(holdfast completion bash)                  in ~/.bashrc
  source <(holdfast completion zsh)                   in ~/.zshrc, after compinit
  holdfast completion fish | source                   in ~/.config/fish/config.fish`,
    )
    .action((shell: keyof typeof scripts, _options: unknown, command: Command) => {
      console.log(scripts[shell](completablesOf(command.parent ?? command)));
    });

/** The program's own tree, so that no command can be forgotten: the program itself first. */
const completablesOf = (program: Command): readonly Completable[] => {
  const commands = program.commands.map((command) => describe(command, program));
  const help: Completable = {
    ...{ name: "help", description: "Show what a command takes", options: [], takesFile: false },
    choices: commands.map(({ name }) => name),
  };
  return [{ ...describe(program), name: "" }, ...commands, help];
};

const describe = (command: Command, program?: Command): Completable => {
  const given = [...command.options, ...(program?.options ?? [])].map((option) => ({
    flag: option.long ?? option.short ?? option.flags,
    description: option.description,
    value: valueIn(option.flags),
  }));
  return {
    ...{ name: command.name(), description: command.description() },
    options: [...given, { flag: "--help", description: "show what it takes", value: "none" }],
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    takesFile: command.registeredArguments.some((argument) => argument.name() === "file"),
  };
};

/** As the option's own words have it: `--config <file>`. */
const valueIn = (flags: string): CompletableOption["value"] => {
  const [, word] = /[<[]([a-z-]+)/.exec(flags) ?? [];
  if (word === undefined) return "none";
  return word === "file" || word === "region" ? word : "free";
};
