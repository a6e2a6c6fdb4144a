/** What a fleet of a size is run with. Two source regions, one copy region, one nightly plan. */
export interface Scenario {
  readonly clusters: number;
  readonly seed: number;
  /** AWS's limit on copies that run into the copy region at once, and the plan's. */
  readonly copiesAtOnce: number;
  readonly copySeconds: number;
  /** The plan's: 10,000 clusters are copied for most of a day. */
  readonly deadlineHours: number;
  readonly snapshotBaseSeconds: number;
  readonly snapshotSecondsPerGib: number;
  /** Recovery points that the plan keeps of a cluster where it runs, and in the copy region. */
  readonly keep: number;
  readonly keepCopies: number;
  /** AWS's token bucket for each service and region. */
  readonly limit: { readonly callsPerSecond: number; readonly burst: number };
  /** Whether somebody else calls once a second, in the first source region. */
  readonly foreigner: boolean;
}

export const sourceRegions = ["us-east-1", "us-west-2"] as const;
export const copyRegion = "eu-west-1";
export const home = "us-east-1";
export const service = "holdfast/bench";
export const at = "2026-11-20T03:00:00Z";

/** What is called beside the runs, and how often a day. */
export interface Scheduled {
  readonly name: "recognise" | "sweep" | "watch";
  readonly times: number;
}

/** In the order of the day. */
export const scheduled: readonly Scheduled[] = [
  { name: "recognise", times: 1 },
  { name: "sweep", times: 1 },
  { name: "watch", times: 24 },
];

/** RDS's limits are published nowhere: EC2's for calls that only read, from its API reference. */
const quietLimit = { callsPerSecond: 20, burst: 100 };

/** AWS's default of 5 copies at once for small fleets; nobody copies 1,000 clusters a night without raising it. */
export const scenarioOf = (clusters: number, seed = 1): Scenario => ({
  ...{ clusters, seed, keep: 30, keepCopies: 7 },
  copiesAtOnce: clusters < 1000 ? 5 : 100,
  deadlineHours: clusters < 10_000 ? 12 : 23,
  ...{ limit: quietLimit, foreigner: false },
  ...{ copySeconds: 600, snapshotBaseSeconds: 60, snapshotSecondsPerGib: 1 },
});

/** The same in an account whose limit is tight, and in which somebody else calls as well. */
export const tightened = (scenario: Scenario, callsPerSecond: number): Scenario => ({
  ...scenario,
  limit: { callsPerSecond, burst: callsPerSecond },
  foreigner: true,
});

/** The scenario's holdfast.yml. */
export const plansOf = ({ copiesAtOnce, deadlineHours, keep, keepCopies }: Scenario): string => `
regions: [${[...sourceRegions, copyRegion].join(", ")}]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [${sourceRegions.join(", ")}] }
    retention: { keep-daily: ${keep} }
    copies: [{ region: ${copyRegion}, kms-key: alias/backup, retention: { keep-daily: ${keepCopies} } }]
    objective: { source: 26h, copy: 36h }
    deadline: ${deadlineHours}h
    copies-in-flight: ${copiesAtOnce}
`;
