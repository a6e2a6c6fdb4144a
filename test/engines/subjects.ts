import type { Clients } from "../../lib/engines/clients.ts";
import type { Engine } from "../../lib/engines/engine.ts";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import { redshift } from "../../lib/engines/redshift.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { RegionStore } from "../../simulator/world.ts";
import { home, numbered } from "./lab.ts";

/** An adapter and what AWS calls things where it works: all that the contract has to know of a family. */
export interface Subject {
  readonly name: string;
  readonly make: (clients: Clients) => Engine;
  /** `Engine` of its fixtures. */
  readonly engine: "aurora-postgresql" | "redshift";
  readonly service: "rds" | "redshift";
  readonly operations: {
    readonly clusters: string;
    readonly snapshots: string;
    readonly create: string;
    readonly delete: string;
  };
  /** A state in which no snapshot is allowed, though it looks harmless. */
  readonly busyStatus: string;
  readonly quota: (max: number) => Fleet["settings"];
  readonly held: (store: RegionStore) => Map<string, { status: string }>;
}

export const subjects: readonly Subject[] = [
  {
    name: "rdsFamily",
    make: rdsFamily,
    engine: "aurora-postgresql",
    service: "rds",
    operations: {
      clusters: "DescribeDBClusters",
      snapshots: "DescribeDBClusterSnapshots",
      create: "CreateDBClusterSnapshot",
      delete: "DeleteDBClusterSnapshot",
    },
    busyStatus: "backing-up",
    quota: (manualClusterSnapshotsMax) => ({ manualClusterSnapshotsMax }),
    held: ({ clusterSnapshots }) => clusterSnapshots,
  },
  {
    name: "redshift",
    make: redshift,
    engine: "redshift",
    service: "redshift",
    operations: {
      clusters: "DescribeClusters",
      snapshots: "DescribeClusterSnapshots",
      create: "CreateClusterSnapshot",
      delete: "BatchDeleteClusterSnapshots",
    },
    busyStatus: "available, prep-for-resize",
    quota: (redshiftManualSnapshotsMax) => ({ redshiftManualSnapshotsMax }),
    held: ({ redshiftSnapshots }) => redshiftSnapshots,
  },
];

/** `orders`, with a tag, and `ledger`, which is busy; snapshots take 60 seconds. */
export const smallFleet = ({ engine, busyStatus }: Subject, settings: Fleet["settings"] = {}): Fleet => ({
  settings: { snapshotBaseSeconds: 60, snapshotSecondsPerGib: 0, ...settings },
  clusters: [
    { region: home, id: "orders", engine, tags: { backup: "daily" } },
    { region: home, id: "ledger", engine, status: busyStatus },
  ],
});

/** `count` clusters, each with a tag of its own. */
export const wideFleet = ({ engine }: Subject, count: number): Fleet => ({
  clusters: numbered("shop", count).map((id) => ({ region: home, id, engine, tags: { name: id } })),
});

/** One cluster with `count` manual snapshots and an automated one. */
export const deepFleet = ({ engine }: Subject, count: number): Fleet => {
  const one = { region: home, cluster: "orders", created: "2026-02-01T00:00:00Z" };
  return {
    clusters: [
      { region: home, id: "orders", engine },
      { region: home, id: "ledger", engine },
    ],
    snapshots: [
      ...numbered("theirs", count).map((id) => ({ ...one, id, tags: { name: id } })),
      { ...one, id: "ledger-only", cluster: "ledger" },
      { ...one, id: "auto:orders", type: "automated" as const },
    ],
  };
};
