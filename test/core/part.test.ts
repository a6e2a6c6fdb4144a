import { describe, expect, it } from "vitest";
import { membersOf } from "../../lib/core/batch.ts";
import { isInPart, type Part, partsOf, shareOf, weightOf } from "../../lib/core/part.ts";
import { createRandom } from "../../simulator/random.ts";
import { clusterOf } from "./samples.ts";

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

/** A fleet of some hundreds, in two regions, with ids of any length. */
const fleetOf = (seed: number) => {
  const random = createRandom(seed);
  const count = 200 + Math.floor(random() * 600);
  const clusters = Array.from({ length: count }, (_, index) => {
    const id = `c${index}`.padEnd(1 + Math.floor(random() * 60), "x");
    const region = random() < 0.5 ? "us-east-1" : "us-west-2";
    return clusterOf({
      ...{ id, region, resource: `cluster-${Math.floor(random() * 1e12)}` },
      arn: `arn:aws:rds:${region}:123456789012:cluster:${id}`,
    });
  });
  return { clusters, meant: [{ family: "rds" as const, clusters }] };
};

const numbersOf = (of: number): readonly Part[] =>
  Array.from({ length: of }, (_, index) => ({ number: index + 1, of }));

describe.each(seeds)("the parts of fleet %i", (seed) => {
  const { clusters, meant } = fleetOf(seed);
  const payloadBytesMax = 40_000;
  const parts = partsOf({ meant, destinations: 1, payloadBytesMax }) ?? [];

  it("hold each cluster once, and are the parts that it says it is in by itself", () => {
    const of = parts.length;
    expect(parts.map(({ number }) => number)).toEqual(numbersOf(of).map(({ number }) => number));
    for (const part of parts) {
      const own = clusters.filter((one) => isInPart(one, part)).map(({ arn }) => arn);
      expect(
        part.batches
          .flatMap(membersOf)
          .map(({ arn }) => arn)
          .toSorted(),
      ).toEqual(own.toSorted());
    }
    const found = parts.flatMap(({ batches }) => batches.flatMap(membersOf)).map(({ arn }) => arn);
    expect(found.toSorted()).toEqual(clusters.map(({ arn }) => arn).toSorted());
  });

  it("fit with room to spare, and could not be fewer", () => {
    const heaviest = (some: typeof parts) => Math.max(...some.map(({ batches }) => weightOf(batches, 1)));
    expect(heaviest(parts)).toBeLessThanOrEqual(payloadBytesMax * 0.64);
    const fewer = numbersOf(parts.length - 1).map((part) =>
      clusters.filter((one) => isInPart(one, part)).reduce((sum, { id }) => sum + id.length + 190, 0),
    );
    if (parts.length > 2) expect(Math.max(...fewer)).toBeGreaterThan(payloadBytesMax * 0.64 - 15_000);
  });

  it("stay what they are when the fleet comes in another order, or a cluster is gone", () => {
    const others = clusters.toReversed().slice(1);
    const part = { number: 1, of: parts.length };
    const inBoth = (some: typeof clusters) => some.filter((one) => isInPart(one, part)).map(({ arn }) => arn);
    const gone = clusters.at(-1)?.arn;
    expect(inBoth(others).toSorted()).toEqual(
      inBoth(clusters)
        .filter((arn) => arn !== gone)
        .toSorted(),
    );
  });

  it.each([2, 3, 7, 16, 25])("are even enough where there are %i", (of) => {
    const sizes = numbersOf(of).map((part) => clusters.filter((one) => isInPart(one, part)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(clusters.length);
    const mean = clusters.length / of;
    // Six times what chance alone makes of it.
    for (const size of sizes) expect(Math.abs(size - mean)).toBeLessThan(6 * Math.sqrt(mean));
  });

  it("are parted once more without a cluster leaving its part", () => {
    const within = { number: 2, of: 3 };
    const own = clusters.filter((one) => isInPart(one, within));
    const again = partsOf({
      meant: [{ family: "rds", clusters: own }],
      destinations: 1,
      payloadBytesMax: 22_000,
      within,
    });
    expect(new Set(again?.map(({ number }) => (number - 1) % 3))).toEqual(new Set([1]));
    expect(again?.flatMap(({ batches }) => batches.flatMap(membersOf)).length).toBe(own.length);
    for (const { number, of, batches } of again ?? [])
      expect(batches.flatMap(membersOf).every((one) => isInPart(one, { number, of }))).toBe(true);
  });
});

describe("parts", () => {
  it("are none where more would be needed than a run may have", () => {
    const { meant } = fleetOf(1);
    expect(partsOf({ meant, destinations: 1, payloadBytesMax: 1000 })).toBeUndefined();
  });

  it("take every cluster where there are none", () => {
    expect(isInPart(clusterOf(), undefined)).toBe(true);
  });

  it.each([
    [100, undefined, 100],
    [100, { number: 4, of: 16 }, 7],
    [100, { number: 5, of: 16 }, 6],
    [5, { number: 1, of: 16 }, 1],
  ])("of %i places, %j has %i", (whole, part, share) => {
    expect(shareOf(whole, part)).toBe(share);
  });

  it.each([3, 5, 16, 25])(
    "of which there are %i share all places, and no more where there is one for each",
    (of) => {
      const sum = (whole: number) => numbersOf(of).reduce((all, part) => all + shareOf(whole, part), 0);
      for (let whole = of; whole < 120; whole += 1) expect(sum(whole)).toBe(whole);
    },
  );
});
