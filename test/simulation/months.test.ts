import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { faultNames } from "./faults/all.ts";
import { type SimulationOptions, simulate } from "./months.ts";
import { regressions } from "./regressions.ts";

/** Months of nights under faults: seeds that stay, and new ones with every commit. */

const run = async (options: Partial<SimulationOptions> & { seed: number }) => {
  const { violations, day } = await simulate({ days: 18, clusters: 6, faults: faultNames, ...options });
  const { seed, days = 18, clusters = 6, faults = faultNames } = options;
  const kinds = faults === faultNames ? "all" : faults.join(",");
  const replay = `npm run simulate -- --seed ${seed} --days ${days} --clusters ${clusters} --faults ${kinds} --events`;
  return violations.map(
    ({ invariant, sentence }) => `day ${day}: ${invariant}: ${sentence}; replay: ${replay}`,
  );
};

/** The first eight digits of the commit: the same seeds for everybody who looks at it. */
const seedOfCommit = (): number => {
  try {
    return Number.parseInt(execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).slice(0, 7), 16);
  } catch {
    return 20_261_125;
  }
};

describe("a month under all faults", () => {
  it("holds every invariant", async () => {
    expect(await run({ seed: 9 })).toEqual([]);
  });

  const fresh = seedOfCommit();
  it.each([fresh, fresh + 1])("holds every invariant, from this commit's seed %i", async (seed) => {
    expect(await run({ seed })).toEqual([]);
  });
});

describe("a seed that once failed", () => {
  it.each(regressions.map(({ was, ...options }) => [options.seed, was, options] as const))(
    "%i holds every invariant; %s",
    async (_seed, _was, options) => {
      expect(await run(options)).toEqual([]);
    },
  );
});

describe("eight nights under one kind of fault", () => {
  it.each(faultNames)("hold every invariant: %s", async (kind) => {
    expect(await run({ seed: 7, days: 8, clusters: 3, faults: [kind] })).toEqual([]);
  });
});

describe("a seed", () => {
  it("writes the same log byte for byte, and another one writes another", async () => {
    const logOf = async (seed: number): Promise<string> => {
      const lines: string[] = [];
      const options = { seed, days: 4, clusters: 6, faults: faultNames };
      await simulate({ ...options, onLine: (line) => lines.push(line) });
      return lines.join("\n");
    };
    const first = await logOf(11);
    expect(await logOf(11)).toBe(first);
    expect(await logOf(12)).not.toBe(first);
    expect(first).toContain("CreateDBClusterSnapshot");
  });
});
