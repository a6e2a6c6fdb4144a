import { Command, InvalidArgumentError, Option } from "commander";
import { endCommand, wholeFrom } from "./argument.ts";

/** What the command `npm run bench` was asked for. */
export interface BenchOptions {
  /** Sizes of the fleets. */
  readonly clusters: readonly number[];
  readonly seed: number;
  /** Calls a second that AWS allows in a service and region. */
  readonly limit?: number;
  readonly retention?: true;
  readonly memory?: true;
  readonly daily?: true;
  readonly coldStart?: true;
  /** A command line. */
  readonly peer?: string;
  readonly speed: number;
  readonly json?: true;
}

const sizes = (text: string): readonly number[] => {
  if (!/^[1-9]\d*(,[1-9]\d*)*$/.test(text))
    throw new InvalidArgumentError("Use whole numbers from 1 up, such as 10,100.");
  return text.split(",").map(Number);
};

/** Reads the command's arguments; ends with a sentence and status 2 where they are wrong. */
export const readOptions = (args: readonly string[], end = endCommand): BenchOptions =>
  new Command("npm run bench --")
    .usage("[options]")
    .description(
      "What nights of fleets cost beside what AWS makes unavoidable, or one measurement by itself.",
    )
    .addOption(
      new Option("--clusters <n,n>", "sizes of the fleets")
        .argParser(sizes)
        .default([10, 100, 1000], "10,100,1000"),
    )
    .option("--seed <n>", "which fleets of these sizes", wholeFrom(1), 1)
    .option("--limit <n>", "calls a second that AWS allows, beside somebody who makes one", wholeFrom(1))
    .option("--peer <command>", "a command to run against the simulator, its calls beside ours")
    .option("--speed <n>", "virtual seconds for each second that a peer runs", wholeFrom(1), 60)
    .option("--retention", "only verdicts over a million recovery points, and their memory")
    .option("--memory", "only what each function takes of memory with the largest fleet")
    .option("--daily", "with --memory: only Discover and what is scheduled, for 10,000")
    .option("--cold-start", "only how long each function takes to import, beside an empty one")
    .option("--json", "one JSON document on standard output")
    .exitOverride(end)
    .parse(args, { from: "user" })
    .opts<BenchOptions>();
