import { Command, CommanderError } from "commander";
import { ConfigError } from "../lib/errors.ts";
import { missedToNpm, takenByNpm } from "../lib/runtime/npm-words.ts";
import { defaults, givenParameters } from "./settings.ts";

/** What `npm run package` was asked for. */
export interface PackageOptions {
  readonly stage: string;
  /** The home region. */
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The same, and what is the framework's alone, as the framework takes it. */
  readonly words: readonly string[];
}

/** Of `npm run package`; `undefined` where it was asked what it takes, which is printed by then. */
export const readPackageOptions = (
  args: readonly string[],
  variables: NodeJS.ProcessEnv = process.env,
): PackageOptions | undefined => {
  const { AWS_REGION, AWS_DEFAULT_REGION, HOLDFAST_STAGE } = variables;
  const command = npmScript("package", "Checks holdfast.yml and packages the deployment into .serverless.")
    .option(
      "-s, --stage <name>",
      "half of the owner's name on every snapshot; never change it",
      HOLDFAST_STAGE ?? "dev",
    )
    .option("-r, --region <name>", "the home region", AWS_REGION || AWS_DEFAULT_REGION || "us-east-1")
    .option("--param <name=value>", `docs/deploy.md explains them: ${Object.keys(defaults).join(", ")}`, list)
    .option("--minify-template", "write the template without white space");
  if (!parse(command, args, { example: "package -- --stage prod", variables })) return undefined;
  const { stage, region, param = [] } = command.opts<{ stage: string; region: string; param?: string[] }>();
  return { stage, region, parameters: givenParameters(param), words: wordsOf(command) };
};

/** The words of `npm run deploy` for the framework, or `undefined`. */
export const readDeployWords = (
  args: readonly string[],
  variables: NodeJS.ProcessEnv = process.env,
): readonly string[] | undefined => {
  const given = [...args, ...takenByNpm(["--stage", "--region", "--param"], variables)];
  if (given.some((word) => /^(-s|-r|--stage|--region|--param)\b/.test(word)))
    throw new ConfigError("stage, region and parameters are the package's; give them to `npm run package`");
  const command = npmScript(
    "deploy",
    "Deploys what `npm run package` made, to the stage and region it is for.",
  )
    .option("--force", "deploy although nothing has changed")
    .option("--conceal", "show no secrets")
    .option("--aws-s3-accelerate", "upload by S3 Transfer Acceleration");
  return parse(command, args, { example: "deploy -- --force", variables }) ? wordsOf(command) : undefined;
};

const npmScript = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`).usage("[options]").description(description);

/** What the framework takes with each of its commands. */
const frameworkOptions = (command: Command): Command =>
  command
    .option("--aws-profile <name>", "whose credentials")
    .option("--verbose", "tell each thing that is done")
    .option("--debug <names>", "show the framework's log of these namespaces; * for all");

const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Whether there is something to do; what cannot be understood is a `ConfigError`. */
const parse = (
  command: Command,
  args: readonly string[],
  { example, variables }: { readonly example: string; readonly variables: NodeJS.ProcessEnv },
): boolean => {
  frameworkOptions(command).allowExcessArguments().exitOverride();
  // Its sentence goes where all the others go.
  command.configureOutput({ writeErr: () => {} });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    const sentence = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new ConfigError(`${sentence}; \`${command.name()} --help\` shows what it takes`);
  }
  const taken = missedToNpm(command, variables);
  if (taken.length > 0)
    throw new ConfigError(
      `npm took ${taken.join(", ")} for its own; put two hyphens before all words, as in \`npm run ${example}\``,
    );
  if (command.args.length === 0) return true;
  // Without the two hyphens npm takes the options for its own, and hands on their values.
  throw new ConfigError(
    `${command.args.join(" ")} belongs to no option; options stand behind two hyphens, as in \`npm run ${example}\``,
  );
};

const wordsOf = (command: Command): readonly string[] =>
  command.options.flatMap((option) => {
    const given: unknown = command.getOptionValue(option.attributeName());
    const values = given === undefined ? [] : [given].flat();
    return values.map((value) => (value === true ? `${option.long}` : `${option.long}=${value}`));
  });
