import { type Family, families } from "./cluster.ts";
import { capProblems, distinctProblems, type Problem } from "./problem.ts";

/** What a sweep's passes hand on to each other. */
export interface SweepWork {
  readonly families: readonly FamilyWork[];
  /** How many recovery points need each key, by family and region, such as `rds eu-west-1`, and the key's ARN. */
  readonly keys: KeyUses;
  /** Regions some of whose recovery points, or keys, nobody has seen. */
  readonly unseen: readonly string[];
}

export type KeyUses = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One family's share: it has looked through what it has not left. */
export interface FamilyWork {
  readonly family: Family;
  readonly left: readonly SweepPlace[];
  /** Something could not be listed: nothing more of the family is deleted. */
  readonly suspended?: true | undefined;
  /** Sets that were judged, one again where stretches meet in its midst. */
  readonly sets: number;
  readonly pruned: number;
  readonly problems: readonly Problem[];
}

/** A region that is not looked through to its end. */
export interface SweepPlace {
  readonly region: string;
  /** Where its listing goes on; absent at its beginning. */
  readonly from?: string | undefined;
  /** It was begun once more, since AWS would not go on from there. */
  readonly anew?: true | undefined;
}

export const beginSweep = (regions: readonly string[]): SweepWork => ({
  families: families.map((family) => ({
    ...{ family, sets: 0, pruned: 0, problems: [] },
    left: regions.map((region) => ({ region })),
  })),
  ...{ keys: {}, unseen: [] },
});

export const isSwept = ({ families: all }: SweepWork): boolean => all.every(({ left }) => left.length === 0);

/** Nothing more of the family is deleted, since these regions did not answer. */
export const suspend = (work: FamilyWork, regions: readonly string[]): FamilyWork => {
  if (regions.length === 0) return work;
  const rows = regions.map((region): Problem => ({ cluster: "*", region, code: "sweep-suspended" }));
  return { ...withProblems(work, rows), suspended: true };
};

/** As many problems as a child's answer may hold: the log has all. */
export const withProblems = (work: FamilyWork, problems: readonly Problem[]): FamilyWork => ({
  ...work,
  problems: capProblems(distinctProblems([...work.problems, ...problems])),
});

/** So many keys travel from pass to pass, in some 40 KB. */
export const keysMax = 500;

/** A recovery point's key, in the region where the point is. */
export interface KeyUse {
  readonly region: string;
  readonly key: string;
}

/** What some pages show of the keys that a family's points need. */
export interface KeyLook {
  readonly family: Family;
  readonly uses: readonly KeyUse[];
  /** Regions that begin anew with these pages: what earlier ones have counted there, these count again. */
  readonly anew: readonly string[];
}

/** Counts points to their keys. A region whose keys become too many is not seen whole. */
export const countKeys = (work: SweepWork, { family, uses, anew }: KeyLook): SweepWork => {
  const begun = new Set(anew.map((region) => keyPlace(family, region)));
  const keys = new Map(
    Object.entries(work.keys)
      .filter(([place]) => !begun.has(place))
      .map(([place, counts]) => [place, new Map(Object.entries(counts))]),
  );
  let room = keysMax - [...keys.values()].reduce((sum, counts) => sum + counts.size, 0);
  const unseen = new Set(work.unseen);
  for (const { region, key } of uses) {
    const place = keyPlace(family, region);
    const counts = keys.get(place) ?? new Map<string, number>();
    keys.set(place, counts);
    if (!counts.has(key)) room -= 1;
    if (counts.has(key) || room >= 0) counts.set(key, (counts.get(key) ?? 0) + 1);
    else unseen.add(region);
  }
  return {
    ...work,
    keys: Object.fromEntries([...keys].map(([place, counts]) => [place, Object.fromEntries(counts)])),
    unseen: [...unseen],
  };
};

const keyPlace = (family: Family, region: string): string => `${family} ${region}`;

/** How many of a region's points need each key, whatever their family. */
export const keysIn = ({ keys }: SweepWork, region: string): ReadonlyMap<string, number> => {
  const points = new Map<string, number>();
  for (const family of families)
    for (const [key, count] of Object.entries(keys[keyPlace(family, region)] ?? {}))
      points.set(key, (points.get(key) ?? 0) + count);
  return points;
};
