import type { Cluster, Tags } from "../../lib/core/cluster.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import { type OwnedSnapshot, ownedBy, stampSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import type { Part } from "../../lib/core/part.ts";
import type { Plan } from "../../lib/core/plan.ts";
import type { PruneInput } from "../../lib/core/pruning.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import { arnOf, type Snapshot } from "../../lib/core/snapshot.ts";

/** One cluster, plan, run and snapshot that are right in every field: a test says only what differs. */
export const service = "holdfast-prod";
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const now = Date.parse("2026-11-21T04:00:00Z");
export const runAt = "2026-11-21T03:00:00Z";

export const clusterOf = (differs: Partial<Cluster> = {}): Cluster => {
  const { id = "orders", region = "us-east-1" } = differs;
  return {
    arn: `arn:aws:rds:${region}:123456789012:cluster:${id}`,
    id,
    resource: "cluster-ABCDEFGHIJKLMNOP",
    region,
    engine: "aurora-postgresql",
    status: "available",
    encrypted: true,
    tags: { backup: "daily" },
    readOnlyReplica: false,
    ...differs,
  };
};

/** A part of a run: all RDS clusters of one region, beside another part. */
export const partOf = (differs: Partial<Part> = {}): Part => ({
  ...{ family: "rds", regions: ["us-east-1"], number: 1, of: 2 },
  ...differs,
});

export const planOf = (differs: Partial<Plan> = {}): Plan => ({
  name: "daily",
  enabled: true,
  schedule: "cron(0 3 * * ? *)",
  timeZone: "UTC",
  flexibleWindowMinutes: 15,
  select: {
    tags: { backup: ["daily"] },
    identifiers: ["*"],
    engines: ["aurora-postgresql"],
    regions: ["us-east-1"],
    excludeTags: {},
  },
  retention: { last: 2 },
  copies: [],
  objective: {},
  deadlineSeconds: 12 * 3600,
  floor: 1,
  brake: 100,
  copiesInFlight: 5,
  stopped: "problem",
  carryTags: [],
  ...differs,
});

export const runOf = (differs: Partial<Run> = {}): Run => {
  const { plan = "daily", at = runAt, request } = differs;
  return { plan, at, id: runId(plan, at, request), deadline: "2026-11-21T15:00:00Z", ...differs };
};

export const snapshotOf = (differs: Partial<Snapshot> = {}): Snapshot => {
  const id = differs.id ?? snapshotName({ service, run: runOf(), cluster: clusterOf() });
  const region = differs.region ?? "us-east-1";
  return {
    id,
    arnPattern: `arn:aws:rds:${region}:123456789012:cluster-snapshot:*`,
    region,
    engine: "aurora-postgresql",
    cluster: "orders",
    status: "available",
    manual: true,
    encrypted: true,
    tags: stampSnapshot({ service, run: runOf(), cluster: clusterOf(), retention: { last: 2 } }),
    ...differs,
  };
};

/** A snapshot as `ownedBy` reads it, made the way it is made in life: named, stamped, listed, understood. */
export const pointOf = ({
  at = runAt,
  plan = "daily",
  attempt = "",
  tags = {},
  ...differs
}: {
  at?: string | number;
  plan?: string;
  attempt?: string;
  tags?: Tags;
} & Partial<Snapshot> = {}): OwnedSnapshot => {
  const run = runOf({ plan, at: new Date(at).toISOString() });
  const cluster = clusterOf();
  const id = snapshotName({ service, run, cluster }) + attempt;
  const stamped = stampSnapshot({ service, run, cluster, retention: { last: 2 } });
  const point = ownedBy(service, snapshotOf({ id, ...differs, tags: { ...stamped, ...tags } }));
  if (point === undefined) throw new Error(`the sample ${id} is not ours`);
  return point;
};

/** The copy of a point in another region, under the same name. */
export const copyOf = (
  { snapshot }: OwnedSnapshot,
  differs: Partial<Snapshot> = {},
  region = "eu-west-1",
): OwnedSnapshot => {
  const { id, tags } = snapshot;
  const copy = snapshotOf({
    id,
    region,
    sourceArn: arnOf(snapshot),
    ...differs,
    tags: { ...tags, [tagKeys.source]: arnOf(snapshot) },
  });
  const point = ownedBy(service, copy);
  if (point === undefined) throw new Error(`the sample ${id} is not ours`);
  return point;
};

/** What `decidePrune` is asked about one cluster in one region; nothing is there unless it is said. */
export const inputOf = (differs: Partial<PruneInput> = {}): PruneInput => ({
  plan: planOf(),
  cluster: "orders",
  region: "us-east-1",
  policies: [{ last: 2 }],
  owned: [],
  copying: new Set(),
  copies: [],
  now,
  ...differs,
});

export const idsOf = (points: readonly { readonly id: string }[]): readonly string[] =>
  points.map(({ id }) => id);
export const idOf = ({ snapshot }: OwnedSnapshot): string => snapshot.id;
