import type { Fleet } from "../../simulator/fleet.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import type { ServiceName } from "./model.ts";
import { away, home } from "./stage.ts";
import { createWire, type Wire } from "./wire.ts";

/** An answer of the real service, parsed as a client would. */
export interface Recording {
  readonly operation: string;
  readonly status: number;
  readonly from: string;
  readonly answer: Record<string, unknown>;
}

type Fields = Record<string, unknown>;
type FleetCluster = NonNullable<Fleet["clusters"]>[number];
type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

const textOf = (fields: Fields, name: string, otherwise = ""): string =>
  typeof fields[name] === "string" ? (fields[name] as string) : otherwise;

const tagsOf = (fields: Fields): Record<string, string> => {
  const tags = (fields.TagList ?? fields.Tags ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
};

// `aurora` was the engine of Aurora MySQL 5.6, which AWS has retired; its successor answers the same fields.
const engineOf = (fields: Fields): FleetCluster["engine"] =>
  textOf(fields, "Engine").replace(/^aurora$/, "aurora-mysql") as FleetCluster["engine"];

/** A cluster for the simulator that is like a recorded one of the RDS family. */
const rdsCluster = (fields: Fields): FleetCluster => ({
  region: home,
  id: textOf(fields, "DBClusterIdentifier"),
  engine: engineOf(fields),
  engineVersion: textOf(fields, "EngineVersion", "1"),
  status: textOf(fields, "Status"),
  encrypted: fields.StorageEncrypted === true,
  members: (fields.DBClusterMembers as unknown[] | undefined)?.length ?? 0,
  copyTagsToSnapshot: fields.CopyTagsToSnapshot === true,
  tags: tagsOf(fields),
});

const rdsSnapshot = (fields: Fields, region: string = home): FleetSnapshot => {
  const sourceArn = textOf(fields, "SourceDBClusterSnapshotArn");
  return {
    region,
    id: textOf(fields, "DBClusterSnapshotIdentifier"),
    cluster: textOf(fields, "DBClusterIdentifier"),
    engine: engineOf(fields),
    type: fields.SnapshotType === "automated" ? "automated" : "manual",
    status: textOf(fields, "Status"),
    created: textOf(fields, "SnapshotCreateTime", "2020-01-01T00:00:00Z"),
    encrypted: fields.StorageEncrypted === true,
    tags: tagsOf(fields),
    ...(sourceArn !== "" && { sourceArn }),
  };
};

const redshiftCluster = (fields: Fields): FleetCluster => ({
  region: home,
  id: textOf(fields, "ClusterIdentifier"),
  engine: "redshift",
  status: textOf(fields, "ClusterStatus"),
  encrypted: fields.Encrypted === true,
  tags: tagsOf(fields),
  ...(fields.ClusterSnapshotCopyStatus !== undefined && { snapshotCopy: { destination: away } }),
});

const redshiftSnapshot = (fields: Fields): FleetSnapshot => {
  const access = (fields.AccountsWithRestoreAccess ?? []) as { AccountId: string }[];
  return {
    region: home,
    id: textOf(fields, "SnapshotIdentifier"),
    cluster: textOf(fields, "ClusterIdentifier"),
    engine: "redshift",
    type: fields.SnapshotType === "automated" ? "automated" : "manual",
    status: "available",
    created: textOf(fields, "SnapshotCreateTime"),
    encrypted: fields.Encrypted === true,
    tags: tagsOf(fields),
    sharedWith: access.map(({ AccountId }) => AccountId),
    // The longest there is: other times in the recording are later than the recorded period allows.
    retention: ((fields.ManualSnapshotRetentionPeriod as number | undefined) ?? -1) === -1 ? -1 : 3653,
  };
};

/** How a recorded request is made again: the fleet it finds, and the request. */
interface Way {
  readonly fleet: Fleet;
  readonly request: (wire: Wire) => Promise<Fields>;
}

const list = (answer: Fields, name: string) => (answer[name] ?? []) as Fields[];
const one = (answer: Fields, name: string) => answer[name] as Fields;

const ask = (operation: string, input: object, region: string = home): Way["request"] => {
  const [service, name] = operation.split(".") as [ServiceName, string];
  return (wire) => wire.ask(service, name, input, { region });
};

const arnOf = (id: string) => `arn:aws:rds:${home}:123456789012:cluster-snapshot:${id}`;

const attributes = (answer: Fields, operation: string, more: object): Way => {
  const result = one(answer, "DBClusterSnapshotAttributesResult");
  const id = textOf(result, "DBClusterSnapshotIdentifier");
  const [attribute] = list(result, "DBClusterSnapshotAttributes");
  const sharedWith = (attribute?.AttributeValues ?? []) as string[];
  const snapshot = {
    region: home,
    id,
    cluster: "any",
    engine: "docdb",
    created: "2020-01-01T00:00:00Z",
  } as const;
  return {
    fleet: { snapshots: [{ ...snapshot, sharedWith }] },
    request: ask(operation, { DBClusterSnapshotIdentifier: id, ...more }),
  };
};

/** Starting or stopping a cluster; both answer its status from before. */
const turn = (answer: Fields, operation: string): Way => {
  const cluster = one(answer, "DBCluster");
  const { DBClusterIdentifier } = cluster;
  return { fleet: { clusters: [rdsCluster(cluster)] }, request: ask(operation, { DBClusterIdentifier }) };
};

const ways: Readonly<Record<string, (answer: Fields) => Way>> = {
  "rds.DescribeDBClusters": (answer) => ({
    fleet: { clusters: list(answer, "DBClusters").map(rdsCluster) },
    request: ask("rds.DescribeDBClusters", {}),
  }),
  "rds.DescribeDBClusterSnapshots": (answer) => ({
    fleet: { snapshots: list(answer, "DBClusterSnapshots").map((fields) => rdsSnapshot(fields)) },
    request: ask("rds.DescribeDBClusterSnapshots", {}),
  }),
  "rds.CreateDBClusterSnapshot": (answer) => {
    const snapshot = one(answer, "DBClusterSnapshot");
    const { DBClusterIdentifier, DBClusterSnapshotIdentifier } = snapshot;
    return {
      fleet: { clusters: [{ ...rdsCluster(snapshot), status: "available" }] },
      request: ask("rds.CreateDBClusterSnapshot", { DBClusterIdentifier, DBClusterSnapshotIdentifier }),
    };
  },
  "rds.CopyDBClusterSnapshot": (answer) => {
    const copy = one(answer, "DBClusterSnapshot");
    const id = textOf(copy, "DBClusterSnapshotIdentifier");
    const input = {
      SourceDBClusterSnapshotIdentifier: arnOf(id),
      TargetDBClusterSnapshotIdentifier: id,
      KmsKeyId: copy.StorageEncrypted ? "alias/aws/rds" : undefined,
    };
    const { sourceArn: _, ...source } = rdsSnapshot(copy);
    return { fleet: { snapshots: [source] }, request: ask("rds.CopyDBClusterSnapshot", input, away) };
  },
  "rds.DeleteDBClusterSnapshot": (answer) => {
    const snapshot = one(answer, "DBClusterSnapshot");
    const { DBClusterSnapshotIdentifier } = snapshot;
    return {
      fleet: { snapshots: [rdsSnapshot(snapshot)] },
      request: ask("rds.DeleteDBClusterSnapshot", { DBClusterSnapshotIdentifier }),
    };
  },
  "rds.DescribeDBClusterSnapshotAttributes": (answer) =>
    attributes(answer, "rds.DescribeDBClusterSnapshotAttributes", {}),
  "rds.ModifyDBClusterSnapshotAttribute": (answer) =>
    attributes(answer, "rds.ModifyDBClusterSnapshotAttribute", {
      AttributeName: "restore",
      ValuesToRemove: ["111111111111"],
    }),
  "rds.DeleteDBCluster": (answer) => {
    const cluster = one(answer, "DBCluster");
    const { DBClusterIdentifier } = cluster;
    return {
      fleet: { clusters: [{ ...rdsCluster(cluster), status: "available", members: 0 }] },
      request: ask("rds.DeleteDBCluster", { DBClusterIdentifier, SkipFinalSnapshot: true }),
    };
  },
  "rds.StartDBCluster": (answer) => turn(answer, "rds.StartDBCluster"),
  "rds.StopDBCluster": (answer) => turn(answer, "rds.StopDBCluster"),
  "redshift.DescribeClusters": (answer) => ({
    fleet: { clusters: list(answer, "Clusters").map(redshiftCluster) },
    request: ask("redshift.DescribeClusters", {}),
  }),
  "redshift.DescribeClusterSnapshots": (answer) => ({
    fleet: { snapshots: list(answer, "Snapshots").map(redshiftSnapshot) },
    request: ask("redshift.DescribeClusterSnapshots", {}),
  }),
  "redshift.CreateClusterSnapshot": (answer) => {
    const { ClusterIdentifier, SnapshotIdentifier, Encrypted } = one(answer, "Snapshot");
    const cluster = { ClusterIdentifier, Encrypted, ClusterStatus: "available" };
    return {
      fleet: { clusters: [redshiftCluster(cluster)] },
      request: ask("redshift.CreateClusterSnapshot", { ClusterIdentifier, SnapshotIdentifier }),
    };
  },
  "redshift.DeleteClusterSnapshot": (answer) => {
    const { SnapshotIdentifier } = one(answer, "Snapshot");
    return {
      fleet: { snapshots: [redshiftSnapshot(one(answer, "Snapshot"))] },
      request: ask("redshift.DeleteClusterSnapshot", { SnapshotIdentifier }),
    };
  },
  "redshift.RevokeSnapshotAccess": (answer) => {
    const AccountWithRestoreAccess = "111111111111";
    const { SnapshotIdentifier } = one(answer, "Snapshot");
    const snapshot = redshiftSnapshot(one(answer, "Snapshot"));
    return {
      fleet: { snapshots: [{ ...snapshot, sharedWith: [AccountWithRestoreAccess] }] },
      request: ask("redshift.RevokeSnapshotAccess", { SnapshotIdentifier, AccountWithRestoreAccess }),
    };
  },
  "redshift.DescribeTags": (answer) => {
    const tags = list(answer, "TaggedResources").map(({ Tag }) => Tag as { Key: string; Value: string });
    const cluster = redshiftCluster({ ClusterIdentifier: "tagged", ClusterStatus: "available", Tags: tags });
    return { fleet: { clusters: [cluster] }, request: ask("redshift.DescribeTags", {}) };
  },
};

export const replayable: readonly string[] = Object.keys(ways);

/** Makes a recorded request again, of a simulator that holds resources like the recorded ones. */
export const replay = async ({ operation, answer }: Recording): Promise<Fields> => {
  const { fleet, request } = (ways[operation] as (answer: Fields) => Way)(answer);
  // The recordings show SnapshotCreateTime on a snapshot in progress; by default the simulator leaves it out.
  const settings = { createTimeInProgress: "present" } as const;
  // Years later the retention of the recorded snapshots would be over.
  const simulator = await startSimulator({ fleet: { ...fleet, now: latestTime(answer), settings } });
  try {
    return await request(createWire(simulator));
  } finally {
    await simulator.close();
  }
};

const latestTime = (answer: Fields): string => {
  const times = JSON.stringify(answer).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
  return times.toSorted().at(-1) ?? "2026-01-01T00:00:00Z";
};
