import type { CommanderError } from "commander";
import { describe, expect, it, vi } from "vitest";
import { type BenchOptions, readOptions as readBench } from "../../bench/options.ts";
import { faultNames } from "../simulation/faults/all.ts";
import { type MutantsOptions, readOptions as readMutants } from "../simulation/mutants/options.ts";
import { planted } from "../simulation/mutants/planted.ts";
import { readOptions as readSimulate, type SimulateOptions } from "../simulation/options.ts";

const refusing = ({ message }: CommanderError): never => {
  throw new Error(message);
};

describe("the benchmark's options", () => {
  const read = (...args: readonly string[]): BenchOptions => readBench(args, refusing);

  it("are three fleets of seed 1, unless it is told otherwise", () => {
    expect(read()).toEqual({ clusters: [10, 100, 1000], seed: 1, speed: 60 });
    const given = ["--clusters", "10000", "--limit", "5", "--json", "--cold-start"];
    expect(read(...given)).toEqual({
      clusters: [10_000],
      ...{ seed: 1, speed: 60, limit: 5, json: true, coldStart: true },
    });
  });

  it.each([
    ["--clusters", "ten", "Use whole numbers from 1 up, such as 10,100."],
    ["--clusters", "10,0", "Use whole numbers from 1 up, such as 10,100."],
    ["--limit", "0", "Use a whole number from 1 up."],
    ["--zebra", "1", "unknown option '--zebra'"],
  ])("are refused in a sentence: %s %s", (name, value, words) => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => read(name, value)).toThrow(words);
  });
});

describe("the simulation's options", () => {
  const read = (...args: readonly string[]): SimulateOptions => readSimulate(args, refusing);

  it("are a season of 90 nights of 40 clusters under every kind of fault, unless it is told otherwise", () => {
    const usual = { seed: 1, seeds: 1, days: 90, clusters: 40, faults: faultNames };
    expect(read()).toEqual(usual);
    expect(read("--faults", "none", "--seeds", "3", "--events")).toEqual({
      ...usual,
      ...{ faults: [], seeds: 3, events: true },
    });
    expect(read("--faults", "killed,missed").faults).toEqual(["killed", "missed"]);
  });

  it.each([
    ["--faults", "killed,nope", "There is no nope. Use all, none, or some of throttling, "],
    ["--days", "1.5", "Use a whole number from 1 up."],
    ["--fault", "killed", "unknown option '--fault'"],
  ])("are refused in a sentence: %s %s", (name, value, words) => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => read(name, value)).toThrow(words);
  });
});

describe("the options of the planting of defects", () => {
  const read = (...args: readonly string[]): MutantsOptions => readMutants(args, refusing);

  it("are twenty drawn by seed 1 and the whole list, unless it is told otherwise", () => {
    expect(read()).toEqual({ drawn: 20, seed: 1, list: planted, simulationFirst: false });
    const file = "lib/core/pruning.ts";
    expect(read("--drawn", "3", "--file", file, "--no-list", "--simulation-first")).toEqual({
      ...{ drawn: 3, seed: 1, list: [], file, simulationFirst: true },
    });
    expect(read("--only", "there is no brake").list.map(({ what }) => what)).toEqual(["there is no brake"]);
  });

  it.each([
    ["--drawn", "some", "Use a whole number from 0 up."],
    ["--only", "zebra", "No defect of the list has that in its words."],
    ["--file", "lib/core/zebra.ts", "Use a file of the product such as lib/core/pruning.ts."],
    ["--zebra", "1", "unknown option '--zebra'"],
  ])("are refused in a sentence: %s %s", (name, value, words) => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(() => read(name, value)).toThrow(words);
    vi.restoreAllMocks();
  });
});
