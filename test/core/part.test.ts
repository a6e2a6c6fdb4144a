import { describe, expect, it } from "vitest";
import { membersOf } from "../../lib/core/batch.ts";
import type { Cluster } from "../../lib/core/cluster.ts";
import {
  batchesOf,
  isInPart,
  type Meant,
  type Part,
  type PartBatches,
  partName,
  partsOf,
  shareOf,
  weightOf,
} from "../../lib/core/part.ts";
import { bytesOf } from "../../lib/core/payload.ts";
import { createRandom } from "../../simulator/random.ts";
import { clusterOf, partOf } from "./samples.ts";

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
const regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-north-1"];

/** A fleet of some hundreds, in a few regions of unlike sizes, some of it Redshift, with ids of any length. */
const fleetOf = (seed: number) => {
  const random = createRandom(seed);
  const count = 400 + Math.floor(random() * 600);
  const clusters = Array.from({ length: count }, (_, index) => {
    const id = `c${index}`.padEnd(1 + Math.floor(random() * 60), "x");
    const region = regions[Math.floor(regions.length * random() ** 3)] ?? "";
    const engine = random() < 0.2 ? "redshift" : "neptune";
    return clusterOf({
      ...{ id, region, engine, resource: `cluster-${Math.floor(random() * 1e12)}` },
      arn: `arn:aws:${engine}:${region}:123456789012:cluster:${id}`,
    });
  });
  return { clusters, meant: meantOf(clusters) };
};

const meantOf = (clusters: readonly Cluster[]): readonly Meant[] => [
  { family: "rds", clusters: clusters.filter(({ engine }) => engine !== "redshift") },
  { family: "redshift", clusters: clusters.filter(({ engine }) => engine === "redshift") },
];

const arnsIn = (parts: readonly PartBatches[]): readonly string[] =>
  parts
    .flatMap(({ batches }) => batches.flatMap(membersOf))
    .map(({ arn }) => arn)
    .toSorted();

const arnsOf = (clusters: readonly Cluster[]): readonly string[] => clusters.map(({ arn }) => arn).toSorted();

const numbersOf = (of: number): readonly Part[] =>
  Array.from({ length: of }, (_, index) => partOf({ number: index + 1, of }));

/** A region's slices, however many its clusters would need. */
const slicesOf = (of: number): readonly Part[] =>
  numbersOf(of).map((part) => ({ ...part, slice: { number: part.number, of } }));

const payloadBytesMax = 40_000;
const most = payloadBytesMax * 0.78;
const weighs = (clusters: readonly Cluster[]): number => weightOf(batchesOf(meantOf(clusters)), 1);

describe.each(seeds)("the parts of fleet %i", (seed) => {
  const { clusters, meant } = fleetOf(seed);
  const parts = partsOf({ meant, destinations: 1, payloadBytesMax }) ?? [];

  it("hold each cluster once, and are the parts that it says it is in by itself", () => {
    for (const part of parts)
      expect(arnsIn([part])).toEqual(arnsOf(clusters.filter((one) => isInPart(one, part))));
    expect(arnsIn(parts)).toEqual(arnsOf(clusters));
  });

  it("are of one family each, counted in their family", () => {
    for (const part of parts)
      expect(
        part.batches.every(({ family, region }) => family === part.family && part.regions.includes(region)),
      );
    for (const family of ["rds", "redshift"] as const) {
      const some = parts.filter((part) => part.family === family);
      expect(some.map(({ number, of }) => [number, of])).toEqual(
        numbersOf(some.length).map(({ number, of }) => [number, of]),
      );
    }
    expect(new Set(parts.map(partName)).size).toBe(parts.length);
  });

  it("fit with room to spare", () => {
    for (const { batches } of parts) expect(weightOf(batches, 1)).toBeLessThanOrEqual(most);
  });

  it("slice only what is too large for one part, into as few as fit", () => {
    for (const {
      family,
      regions: [region = ""],
      slice,
    } of parts) {
      if (slice === undefined) continue;
      const here = clusters.filter(
        (one) => one.region === region && (one.engine === "redshift") === (family === "redshift"),
      );
      expect(weighs(here)).toBeGreaterThan(most);
      const fewer = slice.of === 2 ? [] : slicesOf(slice.of - 1);
      const heaviest = Math.max(
        ...fewer.map((part) =>
          weighs(here.filter((one) => isInPart(one, { ...part, family, regions: [region] }))),
        ),
      );
      if (fewer.length > 0) expect(heaviest).toBeGreaterThan(most);
    }
  });

  it("put small regions together: no two of them would fit into one part", () => {
    const small = parts.filter(({ slice }) => slice === undefined);
    for (const [index, one] of small.entries())
      for (const other of small.slice(index + 1)) {
        if (one.family !== other.family) continue;
        const both = clusters.filter((some) => isInPart(some, one) || isInPart(some, other));
        expect(weighs(both)).toBeGreaterThan(most);
      }
  });

  it("stay what they are when the fleet comes in another order, or a cluster is gone", () => {
    const [gone, ...others] = clusters.toReversed();
    for (const part of parts) {
      const inBoth = (some: readonly Cluster[]) => arnsOf(some.filter((one) => isInPart(one, part)));
      expect(inBoth(others)).toEqual(inBoth(clusters).filter((arn) => arn !== gone?.arn));
    }
  });

  it.each([2, 3, 7, 16, 25])("are even enough where a region has %i slices", (of) => {
    const here = clusters.filter(({ region, engine }) => region === "us-east-1" && engine !== "redshift");
    const sizes = slicesOf(of).map((part) => here.filter((one) => isInPart(one, part)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(here.length);
    const mean = here.length / of;
    // Six times what chance alone makes of it.
    for (const size of sizes) expect(Math.abs(size - mean)).toBeLessThan(6 * Math.sqrt(mean));
  });

  it.each([
    ["slice", partOf({ number: 2, of: 5, slice: { number: 2, of: 3 } })],
    ["part of whole regions", partOf({ number: 2, of: 5, regions })],
  ])("are parted once more without a cluster leaving its %s", (_, within) => {
    const own = clusters.filter((one) => isInPart(one, within));
    const narrow = Math.min(24_000, weighs(own));
    const again = partsOf({ meant: meantOf(own), destinations: 1, payloadBytesMax: narrow, within }) ?? [];
    expect(again.length).toBeGreaterThan(1);
    expect(arnsIn(again)).toEqual(arnsOf(own));
    for (const part of again) {
      expect(arnsIn([part])).toEqual(arnsOf(clusters.filter((one) => isInPart(one, part))));
      // No part of the first five is called like it, nor has its places.
      expect([part.of % 5, (part.number - 1) % 5]).toEqual([0, 1]);
    }
  });
});

describe("what batches weigh in a payload", () => {
  const batches = batchesOf(meantOf([clusterOf(), clusterOf({ region: "us-west-2" })]));
  const children = (destinations: number): number =>
    (weightOf(batches, destinations) - bytesOf(batches)) / 2048;

  it("is they, and what children answer: of a batch twice, before its prune and after it, of a destination once", () => {
    expect(batches).toHaveLength(2);
    expect([children(0), children(3)]).toEqual([4, 7]);
  });
});

describe("parts", () => {
  it("are none where more would be needed than a run may have", () => {
    const { meant } = fleetOf(1);
    expect(partsOf({ meant, destinations: 1, payloadBytesMax: 1000 })).toBeUndefined();
  });

  it("are twenty-five at the most", () => {
    const regional = (nth: number) => clusterOf({ region: `eu-west-${nth}` });
    const onlyOne = Math.ceil(weighs([regional(10)]) / 0.78);
    const partsIn = (count: number) =>
      partsOf({
        meant: meantOf(Array.from({ length: count }, (_, nth) => regional(nth))),
        ...{ destinations: 1, payloadBytesMax: onlyOne },
      })?.length;
    expect([partsIn(25), partsIn(26)]).toEqual([25, undefined]);
  });

  it("take every cluster where there are none", () => {
    expect(isInPart(clusterOf(), undefined)).toBe(true);
  });

  it.each([
    ["another family", { family: "redshift" as const }],
    ["another region", { regions: ["us-west-2"] }],
  ])("take no cluster of %s", (_, differs) => {
    expect(isInPart(clusterOf(), partOf())).toBe(true);
    expect(isInPart(clusterOf(), partOf(differs))).toBe(false);
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
