/** Scripts of ours that take options. */
const scripts: readonly string[] = ["holdfast", "demo", "package", "deploy"];

/** Words of npm's own too: its configuration may have them, whatever stands on the command line. */
const shared: readonly string[] = ["json", "force", "offline", "verbose", "debug"];

/**
 * Which of a command's options, as `--stage`, npm has taken for its own: without two hyphens before them, as in
 * `npm run holdfast status --strict`, it hands none of them on, and the command would do something else without a word.
 * What npm took is in the environment of its scripts.
 */
export const takenByNpm = (
  options: readonly string[],
  variables: NodeJS.ProcessEnv = process.env,
): readonly string[] =>
  scripts.includes(variables.npm_lifecycle_event ?? "")
    ? options.filter((option) => {
        const name = option.replace(/^--(no-)?/, "");
        return !shared.includes(name) && `npm_config_${name.replaceAll("-", "_")}` in variables;
      })
    : [];

/** A command of commander's, once its words are read. */
interface ReadCommand {
  readonly options: readonly { readonly long?: string | undefined; attributeName(): string }[];
  getOptionValueSource(name: string): string | undefined;
}

/** The same of the options that a command was not given: one that was given beside it counts. */
export const missedToNpm = (command: ReadCommand, variables?: NodeJS.ProcessEnv): readonly string[] => {
  const missed = command.options.filter((one) => command.getOptionValueSource(one.attributeName()) !== "cli");
  return takenByNpm(
    missed.map(({ long }) => long ?? ""),
    variables,
  );
};
