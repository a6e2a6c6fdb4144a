import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { cluster, nightAfter, service } from "../night.ts";

export type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

export const orders = cluster("orders", { resourceId: "cluster-ORDERS" });
const identity = {
  id: "orders",
  arn: "arn:aws:rds:us-east-1:123456789012:cluster:orders",
  resource: "cluster-ORDERS",
  tags: {},
};

/** A snapshot of ours of `nights` ago. */
export const past = (
  nights: number,
  more: Partial<FleetSnapshot> = {},
  tags: Record<string, string> = {},
): FleetSnapshot => {
  const when = nightAfter(-nights);
  const run: Run = { plan: "daily", at: when, id: runId("daily", when), deadline: when };
  return {
    ...{ region: "us-east-1", cluster: "orders", engine: "aurora-postgresql", created: when },
    id: snapshotName({ service, run, cluster: identity }),
    tags: { ...stampSnapshot({ service, run, cluster: identity, retention: { daily: 3 } }), ...tags },
    ...more,
  };
};

/** The same of another cluster. */
export const pastOf = (id: string, nights: number): FleetSnapshot => {
  const arn = `arn:aws:rds:us-east-1:123456789012:cluster:${id}`;
  const of = { id, arn, resource: `cluster-${id.toUpperCase()}`, tags: {} };
  const when = nightAfter(-nights);
  const run: Run = { plan: "daily", at: when, id: runId("daily", when), deadline: when };
  const tags = stampSnapshot({ service, run, cluster: of, retention: { daily: 3 } });
  return past(nights, { cluster: id, id: snapshotName({ service, run, cluster: of }), tags: { ...tags } });
};

export const copyOf = (nights: number, more: Partial<FleetSnapshot> = {}): FleetSnapshot => {
  const source = past(nights);
  const sourceArn = `arn:aws:rds:us-east-1:123456789012:cluster-snapshot:${source.id}`;
  return past(nights, { region: "eu-west-1", sourceArn, ...more }, { [tagKeys.source]: sourceArn });
};
