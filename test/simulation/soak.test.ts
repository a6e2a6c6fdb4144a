import { expect, it } from "vitest";
import { faultNames } from "./faults/all.ts";
import { type SimulationResult, simulate } from "./months.ts";
import { type Season, soak } from "./soak.ts";
import { summary } from "./summary.ts";
import { addTally, newTally } from "./tally.ts";

const seasons = [5, 6, 7].map((seed): Season => ({ seed, days: 2, clusters: 4, faults: faultNames }));

const all = async (results: AsyncIterable<SimulationResult>): Promise<readonly SimulationResult[]> => {
  const some: SimulationResult[] = [];
  for await (const result of results) some.push(result);
  return some;
};

const told = (results: readonly SimulationResult[]) => {
  const tally = newTally();
  for (const result of results) addTally(tally, result.tally);
  const runs = results.map(({ seed, fingerprint, violations }) => ({ seed, fingerprint, violations }));
  return { runs, summary: summary(tally, { runs: results.length, failed: 0, seconds: 1 }) };
};

it("tells of seasons side by side what it tells of each alone, in their order", async () => {
  const alone: SimulationResult[] = [];
  for (const season of seasons) alone.push(await simulate(season));
  expect(told(await all(soak(seasons)))).toEqual(told(alone));
});

it("fails where a thread does", async () => {
  const broken = { ...seasons[0], faults: undefined } as unknown as Season;
  await expect(all(soak([broken]))).rejects.toThrow();
});
