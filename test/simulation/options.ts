import { Command, InvalidArgumentError, Option } from "commander";
import { endCommand, wholeFrom } from "../../bench/argument.ts";
import { faultNames } from "./faults/all.ts";

/** What the command `npm run simulate` was asked for. */
export interface SimulateOptions {
  readonly seed: number;
  /** How many seeds, from `seed` on. */
  readonly seeds: number;
  readonly days: number;
  readonly clusters: number;
  /** Kinds of fault. */
  readonly faults: readonly string[];
  readonly events?: true;
}

const kinds = (text: string): readonly string[] => {
  if (text === "all") return faultNames;
  if (text === "none") return [];
  const given = text.split(",");
  const unknown = given.filter((name) => !faultNames.includes(name));
  if (unknown.length === 0) return given;
  throw new InvalidArgumentError(
    `There is no ${unknown.join(", ")}. Use all, none, or some of ${faultNames.join(", ")}.`,
  );
};

/** Reads the command's arguments; ends with a sentence and status 2 where they are wrong. */
export const readOptions = (args: readonly string[], end = endCommand): SimulateOptions =>
  new Command("npm run simulate --")
    .usage("[options]")
    .description("Months of nights under faults, from a seed, watched by checkers; docs/simulation.md.")
    .option("--seed <n>", "which season", wholeFrom(1), 1)
    .option("--seeds <count>", "so many seeds, side by side on all cores", wholeFrom(1), 1)
    .option("--days <n>", "nights of a season", wholeFrom(1), 90)
    .option("--clusters <n>", "clusters of the estate", wholeFrom(1), 40)
    .addOption(
      new Option("--faults <kinds>", "all, none, or kinds with commas between them")
        .argParser(kinds)
        .default(faultNames, "all"),
    )
    .option("--events", "print every event of the world")
    .exitOverride(end)
    .parse(args, { from: "user" })
    .opts<SimulateOptions>();
