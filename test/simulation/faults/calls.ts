import { copyRegion, home, regions, sourceRegions } from "../estate.ts";
import { minute, type Storm, type Tonight } from "../tonight.ts";

/** What befalls calls to AWS, and the invocations that make them. */

/** One over the runs and one over what is called daily, which is hours later. */
const storm = (tonight: Tonight, more: Partial<Storm>): void => {
  const { dice, start, daily } = tonight;
  // Mostly while a run is at work, which is the first quarter of an hour.
  stormFrom(tonight, start + dice.one([-2, 0, 0, 1, 3, 8, 40]) * minute, more);
  stormFrom(tonight, daily + dice.one([-60, 0, 0, 3, 10]) * 1000, more);
};

const stormFrom = (tonight: Tonight, from: number, more: Partial<Storm>): void => {
  const { dice, kind, storms } = tonight;
  storms.push({
    ...{ kind, from, until: from + dice.between(2, 60) * minute, share: dice.one([0.05, 0.2, 0.6]) },
    ...(dice.chance(0.5) && { region: dice.one(regions) }),
    ...more,
  });
};

/** A whole region answers nothing for hours, while runs are at work or while they are looked after. */
export const regionDown = ({ dice, start, daily, kind, storms }: Tonight): void => {
  const from = dice.one([start - 10 * minute, start + 5 * minute, start + 40 * minute, daily - minute]);
  const until = from + dice.between(20, 360) * minute;
  storms.push({ kind, from, until, share: 1, region: dice.one(regions), fault: "unavailable" });
};

const refusable: readonly (readonly [string, readonly string[]])[] = [
  ["CreateDBClusterSnapshot", sourceRegions],
  ["CopyDBClusterSnapshot", [copyRegion]],
  ["DeleteDBClusterSnapshot", regions],
  ["DescribeDBClusterSnapshots", regions],
  ["DescribeDBClusters", sourceRegions],
  ["CreateClusterSnapshot", sourceRegions],
  ["BatchDeleteClusterSnapshots", regions],
  ["DescribeClusterSnapshots", regions],
  ["DescribeClusters", sourceRegions],
  ["CreateTags", [copyRegion]],
  ["DescribeKey", [copyRegion]],
];

/** A policy of the organisation, or a role that is too narrow: one operation is refused in one region for the night. */
export const denied = ({ dice, start, daily, kind, storms }: Tonight): void => {
  const [operation, places] = dice.one(refusable);
  const message = `User is not authorized to perform ${operation} with an explicit deny in a service control policy`;
  const fault = { code: "AccessDenied", status: 403, message } as const;
  const until = dice.chance(0.5) ? daily - minute : daily + 120 * minute;
  storms.push({
    ...{ kind, operation, fault, from: start - 10 * minute, until, share: 1, region: dice.one(places) },
  });
};

/** The event bus takes nothing for a while, or for the night. */
export const busDeaf = ({ dice, start, daily, kind, storms }: Tonight): void => {
  const from = start + dice.one([-5, -5, 5, 40, 80]) * minute;
  const until = dice.chance(0.3) ? daily + 120 * minute : from + dice.between(5, 120) * minute;
  storms.push({ kind, from, until, share: 1, region: home, operation: "PutEvents", fault: "unavailable" });
};

/** A region finds a copy's source for a moment only, though the source's own lists it. */
export const sourceUnseen = ({ dice, start, kind, storms }: Tonight): void => {
  const message = "DBClusterSnapshot not found";
  storms.push({
    ...{ kind, from: start, until: start + 240 * minute, share: dice.one([0.2, 0.5, 0.7]) },
    ...{ operation: "CopyDBClusterSnapshot", ...(dice.chance(0.5) && { region: copyRegion }) },
    fault: { code: "DBClusterSnapshotNotFoundFault", status: 404, message },
  });
};

const killer = (tonight: Tonight, error: string): void => {
  const { dice, kind, killers } = tonight;
  for (const daily of [false, true])
    killers.push({ kind, error, daily, share: dice.one([0.05, 0.2, 0.5]), left: dice.between(1, 8) });
};

export const throttling = (tonight: Tonight): void =>
  storm(tonight, { fault: "throttle", share: tonight.dice.one([0.2, 0.6, 0.95]) });

export const serverErrors = (tonight: Tonight): void => {
  storm(tonight, { fault: "internal" });
  storm(tonight, { fault: "unavailable" });
};

export const lostRequests = (tonight: Tonight): void => storm(tonight, { fault: "reset-before" });

export const lostAnswers = (tonight: Tonight): void => storm(tonight, { fault: "reset-after" });

export const slowAnswers = (tonight: Tonight): void =>
  storm(tonight, { backMs: tonight.dice.one([3_000, 15_000, 25_000]) });

export const killed = (tonight: Tonight): void => killer(tonight, "Lambda.Unknown");

/** As Step Functions reports a process that the kernel has killed (awslabs/amazon-s3-find-and-forget#283). */
export const outOfMemory = (tonight: Tonight): void => killer(tonight, "Runtime.ExitError");

export const outOfTime = (tonight: Tonight): void => killer(tonight, "Sandbox.Timedout");
