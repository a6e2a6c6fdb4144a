import { expect } from "vitest";
import type { Simulator } from "../../simulator/simulator.ts";

/** What must hold after any night. Reads the simulated world alone, and shares no code with the product. */

interface Seen {
  readonly region: string;
  readonly id: string;
  readonly status: string;
  readonly type: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Every snapshot in the account. */
export const everything = (simulator: Simulator): readonly Seen[] =>
  simulator.world.stores().flatMap(({ region, clusterSnapshots, redshiftSnapshots }) =>
    [...clusterSnapshots.values(), ...redshiftSnapshots.values()].map(({ id, status, type, tags }) => ({
      ...{ region, id, status, type },
      tags: new Map(tags),
    })),
  );

const isOurs = ({ tags }: Seen): boolean => tags.get("holdfast:service") === "holdfast/test";
const placeOf = ({ region, tags }: Seen): string => `${tags.get("holdfast:resource")} in ${region}`;
const keyOf = ({ region, id }: Seen): string => `${region} ${id}`;

/** AWS's own copy of a snapshot of ours: it comes without tags, and is ours once it is recognised and tagged. */
const isArriving = ({ id, tags }: Seen): boolean => id.startsWith("copy:holdfast-") && tags.size === 0;

/** What may never be deleted: what others made, what AWS made, what is held. */
export const untouched = (before: readonly Seen[], after: readonly Seen[]): void => {
  const left = new Set(after.map(keyOf));
  const sacred = before.filter(
    (one) => (!isOurs(one) && !isArriving(one)) || one.type !== "manual" || one.tags.has("holdfast:hold"),
  );
  expect(sacred.map(keyOf).filter((key) => !left.has(key))).toEqual([]);
};

/** Of what a resource had in a region, two available ones stay. */
export const floorStands = (before: readonly Seen[], after: readonly Seen[]): void => {
  const available = (all: readonly Seen[]) =>
    Map.groupBy(
      all.filter((one) => isOurs(one) && one.status === "available"),
      placeOf,
    );
  const now = available(after);
  for (const [place, had] of available(before))
    expect([place, now.get(place)?.length ?? 0]).toSatisfy(
      ([, has]: [string, number]) => has >= Math.min(2, had.length),
      `${place} had ${had.length} available recovery points`,
    );
};

/** One living snapshot of a resource, a run and a region. */
export const nothingTwice = (after: readonly Seen[]): void => {
  const living = after.filter((one) => isOurs(one) && one.status !== "failed" && one.status !== "deleting");
  const groups = Map.groupBy(living, (one) => `${placeOf(one)} ${one.tags.get("holdfast:run")}`);
  expect([...groups.values()].filter((some) => some.length > 1).map((some) => some.map(keyOf))).toEqual([]);
};

interface Wanted {
  readonly name: string;
  readonly region: string;
}

/** A run that says complete has what it says. */
export const completeIsTrue = (
  after: readonly Seen[],
  {
    at,
    clusters,
    destinations,
  }: { at: string; clusters: readonly Wanted[]; destinations: readonly string[] },
): void => {
  const tonight = after.filter(
    (one) => isOurs(one) && one.status === "available" && one.tags.get("holdfast:taken-at") === at,
  );
  const has = ({ name, region }: Wanted, where: string): boolean =>
    tonight.some((one) => {
      const arn = one.tags.get("holdfast:cluster") ?? "";
      return one.region === where && arn.includes(`:${region}:`) && arn.endsWith(`:cluster:${name}`);
    });
  const missing = clusters.flatMap((wanted) =>
    [wanted.region, ...destinations].filter((where) => !has(wanted, where)).map((where) => [wanted, where]),
  );
  expect(missing).toEqual([]);
};
