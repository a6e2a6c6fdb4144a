import { existsSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { endCommand, wholeFrom } from "../../../bench/argument.ts";
import { type Planted, planted } from "./planted.ts";

/** What the command `npm run mutants` was asked for. */
export interface MutantsOptions {
  /** How many are drawn. */
  readonly drawn: number;
  readonly seed: number;
  /** Of the planted list. */
  readonly list: readonly Planted[];
  /** The one file that is drawn from. */
  readonly file?: string;
  readonly simulationFirst: boolean;
}

const described = (words: string): readonly Planted[] => {
  const some = planted.filter(({ what }) => what.includes(words));
  if (some.length > 0) return some;
  throw new InvalidArgumentError("No defect of the list has that in its words.");
};

const productFile = (file: string): string => {
  if (/^lib\/(core|engines|runtime|steps)\/[\w-]+\.ts$/.test(file) && existsSync(file)) return file;
  throw new InvalidArgumentError("Use a file of the product such as lib/core/pruning.ts.");
};

/** Reads the command's arguments; ends with a sentence and status 2 where they are wrong. */
export const readOptions = (args: readonly string[], end = endCommand): MutantsOptions => {
  const { only, list, ...rest } = new Command("npm run mutants --")
    .usage("[options]")
    .description("Plants defects in a copy of the project, one at a time, and says what caught each.")
    .option("--drawn <n>", "how many are drawn of all that Stryker makes of the product", wholeFrom(0), 20)
    .option("--seed <n>", "which are drawn", wholeFrom(0), 1)
    .option("--file <path>", "drawn from one file of the product", productFile)
    .option("--only <text>", "of the list, those with this in their words", described)
    .option("--no-list", "none of the list")
    .option("--simulation-first", "ask the simulation before the tests", false)
    .exitOverride(end)
    .parse(args, { from: "user" })
    .opts<Omit<MutantsOptions, "list"> & { only?: readonly Planted[]; list: boolean }>();
  return { ...rest, list: list ? (only ?? planted) : [] };
};
