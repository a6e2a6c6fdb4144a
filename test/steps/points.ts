import { snapshotName } from "../../lib/core/naming.ts";
import { ownedBy, stampCopy, stampSnapshot } from "../../lib/core/ownership.ts";
import type { RetentionPolicy } from "../../lib/core/retention.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, nightAfter, service } from "../night.ts";

/** Recovery points of earlier nights, named and tagged the way they are made in life. */
export type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];
type FleetCluster = NonNullable<Fleet["clusters"]>[number];

const account = "123456789012";
const warehouseId = (id: string): string => `7f0c1c4e-0000-4000-8000-${id.padStart(12, "0").slice(-12)}`;

export interface PointOf {
  /** Default: `orders`. */
  readonly of?: string;
  readonly plan?: string;
  readonly resource?: string;
  readonly engine?: "aurora-postgresql" | "redshift";
  readonly keep?: RetentionPolicy;
  readonly tags?: Readonly<Record<string, string>>;
  readonly differs?: Partial<FleetSnapshot>;
}

/** The cluster that the points of an id are taken of. */
export const clusterOf = (id: string, more: Partial<FleetCluster> = {}): FleetCluster =>
  cluster(id, { resourceId: `cluster-${id.toUpperCase()}`, ...more });
export const warehouseOf = (id: string, more: Partial<FleetCluster> = {}): FleetCluster =>
  cluster(id, { engine: "redshift", resourceId: warehouseId("1"), ...more });

/** A recovery point in us-east-1 of so many nights ago, by default stamped `last=1`. */
export const point = (nights: number, options: PointOf = {}): FleetSnapshot => {
  const { of = "orders", plan = "daily", engine = "aurora-postgresql", keep = { last: 1 } } = options;
  const kind = engine === "redshift" ? "redshift" : "rds";
  const usual = engine === "redshift" ? warehouseId("1") : `cluster-${of.toUpperCase()}`;
  const identity = {
    id: of,
    arn: `arn:aws:${kind}:us-east-1:${account}:cluster:${of}`,
    resource: options.resource ?? usual,
    tags: {},
  };
  const when = nightAfter(-nights);
  const run: Run = { plan, at: when, id: runId(plan, when), deadline: when };
  const tags = stampSnapshot({ service, run, cluster: identity, retention: keep });
  return {
    ...{ region: "us-east-1", cluster: of, engine, created: when },
    id: snapshotName({ service, run, cluster: identity }),
    ...options.differs,
    tags: { ...tags, ...options.tags },
  };
};

/** So many nights in a row, the newest first, tonight's with them. */
export const points = (count: number, options: PointOf = {}): FleetSnapshot[] =>
  Array.from({ length: count }, (_, nights) => point(nights, options));

/** Its copy in another region. */
export const copyOf = (
  source: FleetSnapshot,
  {
    region = "eu-west-1",
    keep = { last: 1 } as RetentionPolicy,
    differs = {} as Partial<FleetSnapshot>,
  } = {},
): FleetSnapshot => {
  const sourceArn = `arn:aws:rds:us-east-1:${account}:cluster-snapshot:${source.id}`;
  const read = ownedBy(service, {
    ...{ id: source.id, arnPattern: sourceArn, region: "us-east-1", engine: "aurora-postgresql" },
    ...{ cluster: source.cluster, status: "available", manual: true, encrypted: false },
    tags: source.tags,
  });
  if (read === undefined) throw new Error(`${source.id} is not ours`);
  return { ...source, region, sourceArn, tags: stampCopy({ source: read, retention: keep }), ...differs };
};

/** Identifiers of everything in a region, Redshift's with them. */
export const leftIn = (simulator: Simulator, region = "us-east-1"): readonly string[] => {
  const { clusterSnapshots, redshiftSnapshots } = simulator.world.store(region);
  return [...clusterSnapshots.keys(), ...redshiftSnapshots.keys()];
};

export const idsOf = (some: readonly FleetSnapshot[]): readonly string[] => some.map(({ id }) => id);

interface Told {
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** What the event bus was told so far, of one type or all. */
export const toldOf = (simulator: Simulator, type?: string): readonly Told[] =>
  simulator.world
    .store("us-east-1")
    .events.map(({ detailType, detail, resources }) => ({
      type: detailType.replace("Holdfast ", ""),
      resources,
      detail: detail as Told["detail"],
    }))
    .filter((one) => type === undefined || one.type === type);

/** Every call that changes something. */
export const writesIn = (simulator: Simulator): readonly string[] =>
  simulator.calls.entries
    .map(({ operation }) => operation)
    .filter((operation) => !/^(Describe|List|Get)/.test(operation));

export const denied = { code: "AccessDenied", status: 403, message: "no" } as const;
/** A bus that takes nothing, however often it is asked. */
export const deafBus = {
  service: "events",
  times: 1000,
  kind: { code: "AccessDeniedException", status: 400, message: "not authorized" },
} as const;
