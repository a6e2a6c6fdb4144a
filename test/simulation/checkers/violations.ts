import { checkers } from "./all.ts";
import type { Checker } from "./checker.ts";
import type { EndedRun, Invocation, PlanFacts, Scene, SeenCluster, SeenSnapshot } from "./records.ts";

/** One cluster with five nights of recovery points, for violations that are planted to see them found. */

const service = "holdfast/sim";
export const now = Date.parse("2026-06-10T03:00:00Z");
export const day = (count: number): string => `2026-06-${String(count).padStart(2, "0")}T02:30:00Z`;

export const plan: PlanFacts = {
  ...{ name: "daily", timeZone: "UTC", enabled: true, regions: ["us-east-1"], retention: { daily: 3 } },
  ...{ copies: [{ region: "eu-west-1" }], floor: 2, brake: 10, copyObjectiveHours: 30 },
  ...{ exclude: { "backup-skip": ["true"] }, carryTags: ["team"], stopped: "problem" },
  ...{ select: { tags: { backup: ["daily", "daily ledger"] } }, copiesInFlight: 5 },
};

export const orders: SeenCluster = {
  ...{ family: "rds", region: "us-east-1", id: "orders", resource: "cluster-A", status: "available" },
  ...{ engine: "aurora-postgresql", encrypted: false },
  arn: "arn:aws:rds:us-east-1:123456789012:cluster:orders",
  tags: new Map([["backup", "daily"]]),
};

export const point = (
  taken: number,
  more: Partial<SeenSnapshot> = {},
  tags: Record<string, string> = {},
): SeenSnapshot => {
  const region = more.region ?? "us-east-1";
  const id = more.id ?? `holdfast-daily-orders-aaaaaaaa-202606${String(taken).padStart(2, "0")}t023000z`;
  return {
    ...{ family: "rds", region, id, automated: false, status: "available", cluster: "orders" },
    engine: "aurora-postgresql",
    arn: `arn:aws:rds:${region}:123456789012:cluster-snapshot:${id}`,
    ...{ createdAt: Date.parse(day(taken)), startedAt: Date.parse(day(taken)), encrypted: false },
    tags: new Map(
      Object.entries({
        "holdfast:service": service,
        "holdfast:plan": "daily",
        "holdfast:cluster": orders.arn,
        "holdfast:resource": "cluster-A",
        "holdfast:taken-at": day(taken),
        "holdfast:run": `daily-${day(taken).replaceAll(/[-:]/g, "").toLowerCase()}`,
        "holdfast:keep": "daily=3",
        ...tags,
      }),
    ),
    ...more,
  };
};

export const copyOf = (source: SeenSnapshot, more: Partial<SeenSnapshot> = {}): SeenSnapshot => ({
  ...source,
  region: "eu-west-1",
  arn: source.arn.replace("us-east-1", "eu-west-1"),
  sourceArn: source.arn,
  tags: new Map([...source.tags, ["holdfast:source", source.arn]]),
  ...more,
});

export const prune: Invocation = {
  number: 1,
  function: "prune",
  startedAt: now,
  plan: "daily",
  at: day(10),
  execution: 1,
};

interface Parts {
  readonly snapshots?: readonly SeenSnapshot[];
  readonly now?: () => number;
  readonly excuses?: number;
  readonly cluster?: SeenCluster;
  readonly plan?: PlanFacts;
  /** Plans beside it. */
  readonly others?: readonly PlanFacts[];
  readonly callsPerSecond?: number;
  readonly brokenKeys?: readonly string[];
  readonly awsOwnedCopies?: Scene["awsOwnedCopies"];
  /** What others have deleted, and when. */
  readonly removals?: readonly { readonly at: number; readonly snapshot: SeenSnapshot }[];
  readonly touched?: readonly string[];
  /** When others have changed how AWS copies a cluster, by its ARN. */
  readonly unsettled?: readonly (readonly [string, number])[];
  /** What each part of the run was shown. */
  readonly views?: readonly (readonly SeenCluster[])[];
}

export const watch = (name: string, parts: Parts = {}) => {
  const complaints: string[] = [];
  const scene: Scene = {
    ...{
      service,
      now: parts.now ?? (() => now),
      plans: () => [parts.plan ?? plan, ...(parts.others ?? [])],
      touched: new Set(parts.touched),
    },
    unsettled: new Map(parts.unsettled),
    ...{ clusters: () => [parts.cluster ?? orders], discovered: () => [parts.cluster ?? orders] },
    ...(parts.callsPerSecond !== undefined && { callsPerSecond: parts.callsPerSecond }),
    views: () => parts.views ?? [[parts.cluster ?? orders]],
    awsOwnedCopies: parts.awsOwnedCopies ?? "either",
    brokenKeys: () => new Set(parts.brokenKeys),
    snapshots: (region) => (parts.snapshots ?? []).filter((one) => (region ?? one.region) === one.region),
    removedByOthers: (region, since) =>
      (parts.removals ?? [])
        .filter(({ at, snapshot }) => at >= since && snapshot.region === region)
        .map(({ snapshot }) => snapshot),
    excuses: () => parts.excuses ?? 0,
  };
  const make = checkers[name];
  if (make === undefined) throw new Error(`there is no checker ${name}`);
  const checker: Checker = make(
    scene,
    (sentence) => complaints.push(sentence),
    () => undefined,
  );
  return { checker, complaints };
};

export const points = [10, 9, 8, 7, 6].map((taken) => point(taken));
export const oldest = points[4] as SeenSnapshot;
export const newest = points[0] as SeenSnapshot;

export const deletion = (snapshot: SeenSnapshot, before: readonly SeenSnapshot[] = points) => ({
  ...{
    invocation: prune,
    snapshot,
    before: [...before, ...(before.includes(snapshot) ? [] : [snapshot])],
    at: now,
  },
});

export const ended: EndedRun = {
  ...{
    plan,
    at: day(10),
    asked: false,
    execution: 1,
    startedAt: now,
    clustersAtStart: [orders],
    succeeded: true,
  },
  report: { outcome: "complete", problems: [] },
};
