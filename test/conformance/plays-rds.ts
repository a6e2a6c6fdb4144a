import { away, rdsArn, type Stage, stranger } from "./stage.ts";

/** Successful requests of the RDS family: every operation at least once, over every engine and state. */
export const rdsPlays: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "clusters are described, tagged and untagged": async ({ wire }) => {
    await wire.ask("rds", "DescribeDBClusters", {});
    await wire.ask("rds", "DescribeDBClusters", {}, { region: away });
    const ResourceName = rdsArn("cluster:orders");
    await wire.ask("rds", "AddTagsToResource", {
      ResourceName,
      Tags: [{ Key: "new", Value: "a / b" }],
    });
    await wire.ask("rds", "ListTagsForResource", { ResourceName });
    await wire.ask("rds", "RemoveTagsFromResource", { ResourceName, TagKeys: ["new"] });
    await wire.ask("rds", "ListTagsForResource", { ResourceName: rdsArn("cluster:plain") });
  },
  "snapshots are made, seen in progress, and deleted": async ({ wire, simulator }) => {
    for (const cluster of ["orders", "plain", "graph", "docs", "triple"]) {
      await wire.ask("rds", "CreateDBClusterSnapshot", {
        DBClusterIdentifier: cluster,
        DBClusterSnapshotIdentifier: `${cluster}-new`,
        Tags: [{ Key: "run", Value: "2026" }],
      });
    }
    simulator.clock.advance(80);
    await wire.ask("rds", "DescribeDBClusterSnapshots", {});
    simulator.clock.advance(3600);
    await wire.ask("rds", "DescribeDBClusterSnapshots", { IncludeShared: true });
    await wire.ask("rds", "DeleteDBClusterSnapshot", { DBClusterSnapshotIdentifier: "orders-new" });
  },
  "long listings come in pages": async ({ wire, simulator }) => {
    simulator.world.settings.manualClusterSnapshotsMax = 1000;
    for (let index = 0; index < 25; index += 1) {
      const DBClusterSnapshotIdentifier = `orders-${index}`;
      await wire.ask("rds", "CreateDBClusterSnapshot", {
        DBClusterIdentifier: "orders",
        DBClusterSnapshotIdentifier,
      });
    }
    const { Marker } = await wire.ask("rds", "DescribeDBClusterSnapshots", { MaxRecords: 20 });
    await wire.ask("rds", "DescribeDBClusterSnapshots", { MaxRecords: 20, Marker });
  },
  "snapshots are copied, here and across regions": async ({ wire, simulator }) => {
    await wire.ask("rds", "CopyDBClusterSnapshot", {
      SourceDBClusterSnapshotIdentifier: "orders-old",
      TargetDBClusterSnapshotIdentifier: "orders-again",
      CopyTags: true,
    });
    for (const [name, KmsKeyId] of [
      ["orders", "alias/databases"],
      ["graph", "alias/aws/rds"],
      ["docs", undefined],
    ]) {
      await wire.ask(
        "rds",
        "CopyDBClusterSnapshot",
        {
          SourceDBClusterSnapshotIdentifier: rdsArn(`cluster-snapshot:${name}-old`),
          TargetDBClusterSnapshotIdentifier: `${name}-copy`,
          KmsKeyId,
          Tags: [{ Key: "copy", Value: "yes" }],
        },
        { region: away },
      );
    }
    simulator.clock.advance(200);
    await wire.ask("rds", "DescribeDBClusterSnapshots", {}, { region: away });
  },
  "snapshots are shared": async ({ wire }) => {
    const DBClusterSnapshotIdentifier = "plain-old";
    await wire.ask("rds", "ModifyDBClusterSnapshotAttribute", {
      DBClusterSnapshotIdentifier,
      AttributeName: "restore",
      ValuesToAdd: ["111111111111", "all"],
      ValuesToRemove: [stranger.id],
    });
    await wire.ask("rds", "DescribeDBClusterSnapshotAttributes", { DBClusterSnapshotIdentifier });
    await wire.ask(
      "rds",
      "DescribeDBClusterSnapshots",
      { SnapshotType: "public" },
      { credentials: stranger },
    );
  },
  "clusters are restored, given an instance, and deleted with a last snapshot": async ({
    wire,
    simulator,
  }) => {
    await wire.ask("rds", "RestoreDBClusterFromSnapshot", {
      DBClusterIdentifier: "orders-restored",
      SnapshotIdentifier: "orders-old",
      Engine: "aurora-mysql",
      Tags: [{ Key: "drill", Value: "yes" }],
    });
    simulator.clock.advance(7200);
    await wire.ask("rds", "CreateDBInstance", {
      DBInstanceIdentifier: "orders-restored-1",
      DBInstanceClass: "db.r6g.large",
      Engine: "aurora-mysql",
      DBClusterIdentifier: "orders-restored",
      Tags: [{ Key: "drill", Value: "yes" }],
    });
    simulator.clock.advance(7200);
    await wire.ask("rds", "DescribeDBClusters", { DBClusterIdentifier: "orders-restored" });
    await wire.ask("rds", "DescribeDBInstances", {});
    await wire.ask("rds", "DeleteDBInstance", { DBInstanceIdentifier: "orders-restored-1" });
    await wire.ask("rds", "DeleteDBCluster", {
      DBClusterIdentifier: "triple",
      FinalDBSnapshotIdentifier: "triple-final",
    });
    await wire.ask("rds", "DescribeDBClusters", {});
  },
  "clusters are made, stopped and started": async ({ wire, simulator }) => {
    await wire.ask("rds", "CreateDBCluster", {
      DBClusterIdentifier: "fresh",
      Engine: "aurora-postgresql",
      MasterUsername: "admin",
      MasterUserPassword: "password",
      StorageEncrypted: true,
      Tags: [{ Key: "team", Value: "new" }],
    });
    await wire.ask("rds", "StopDBCluster", { DBClusterIdentifier: "orders" });
    simulator.clock.advance(7200);
    await wire.ask("rds", "DescribeDBInstances", {});
    await wire.ask("rds", "StartDBCluster", { DBClusterIdentifier: "orders" });
    simulator.clock.advance(10);
    await wire.ask("rds", "DescribeDBClusters", {});
  },
  "the account's quotas are told": async ({ wire }) => {
    await wire.ask("rds", "DescribeAccountAttributes", {});
  },
};
