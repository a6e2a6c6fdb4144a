import { away, redshiftArn, type Stage } from "./stage.ts";

/** Successful requests of Redshift: every operation at least once. */
export const redshiftPlays: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "clusters are described, with and without snapshot copy": async ({ wire }) => {
    await wire.ask("redshift", "DescribeClusters", {});
    await wire.ask("redshift", "DescribeClusters", { TagKeys: ["team"], TagValues: ["sales"] });
  },
  "snapshots are made, seen in progress, copied by themselves, and deleted": async ({ wire, simulator }) => {
    for (const cluster of ["sales", "logs"]) {
      await wire.ask("redshift", "CreateClusterSnapshot", {
        ClusterIdentifier: cluster,
        SnapshotIdentifier: `${cluster}-new`,
        ManualSnapshotRetentionPeriod: cluster === "sales" ? -1 : 7,
        Tags: [{ Key: "run", Value: "" }],
      });
    }
    simulator.clock.advance(80);
    await wire.ask("redshift", "DescribeClusterSnapshots", {});
    simulator.clock.advance(200);
    await wire.ask("redshift", "DescribeClusterSnapshots", {}, { region: away });
    simulator.clock.advance(7200);
    await wire.ask("redshift", "DescribeClusterSnapshots", {
      SortingEntities: [{ Attribute: "CREATE_TIME", SortOrder: "DESC" }],
    });
    await wire.ask("redshift", "DescribeClusterSnapshots", {}, { region: away });
    await wire.ask("redshift", "DeleteClusterSnapshot", { SnapshotIdentifier: "sales-new" });
    await wire.ask("redshift", "BatchDeleteClusterSnapshots", {
      Identifiers: [
        { SnapshotIdentifier: "logs-new", SnapshotClusterIdentifier: "logs" },
        { SnapshotIdentifier: "nowhere", SnapshotClusterIdentifier: "logs" },
      ],
    });
  },
  "long listings come in pages": async ({ wire, simulator }) => {
    simulator.world.settings.redshiftManualSnapshotsMax = 1000;
    for (let index = 0; index < 21; index += 1) {
      await wire.ask("redshift", "CreateClusterSnapshot", {
        ClusterIdentifier: "logs",
        SnapshotIdentifier: `logs-${index}`,
      });
    }
    const { Marker } = await wire.ask("redshift", "DescribeClusterSnapshots", { MaxRecords: 20 });
    await wire.ask("redshift", "DescribeClusterSnapshots", { MaxRecords: 20, Marker });
  },
  "an automated snapshot is made manual": async ({ wire }) => {
    await wire.ask("redshift", "CopyClusterSnapshot", {
      SourceSnapshotIdentifier: "rs:sales-2026-03-01-03-00",
      TargetSnapshotIdentifier: "sales-kept",
    });
  },
  "retention is changed": async ({ wire }) => {
    await wire.ask("redshift", "ModifyClusterSnapshot", {
      SnapshotIdentifier: "logs-old",
      ManualSnapshotRetentionPeriod: 60,
    });
    await wire.ask("redshift", "ModifySnapshotCopyRetentionPeriod", {
      ClusterIdentifier: "sales",
      RetentionPeriod: 14,
    });
  },
  "copying to another region is set up and ended": async ({ wire }) => {
    await wire.ask("redshift", "DisableSnapshotCopy", { ClusterIdentifier: "sales" });
    await wire.ask(
      "redshift",
      "CreateSnapshotCopyGrant",
      { SnapshotCopyGrantName: "more", KmsKeyId: "alias/databases", Tags: [{ Key: "a", Value: "b" }] },
      { region: away },
    );
    await wire.ask("redshift", "DescribeSnapshotCopyGrants", {}, { region: away });
    await wire.ask("redshift", "EnableSnapshotCopy", {
      ClusterIdentifier: "sales",
      DestinationRegion: away,
      SnapshotCopyGrantName: "more",
      RetentionPeriod: 3,
      ManualSnapshotRetentionPeriod: 90,
    });
    await wire.ask(
      "redshift",
      "DeleteSnapshotCopyGrant",
      { SnapshotCopyGrantName: "spare" },
      { region: away },
    );
  },
  "everything can carry tags": async ({ wire }) => {
    const ResourceName = redshiftArn("snapshot:logs/logs-old");
    await wire.ask("redshift", "CreateTags", { ResourceName, Tags: [{ Key: "new", Value: "yes" }] });
    await wire.ask("redshift", "DescribeTags", { ResourceName });
    await wire.ask("redshift", "DescribeTags", { ResourceType: "cluster" });
    await wire.ask("redshift", "DeleteTags", { ResourceName, TagKeys: ["new"] });
  },
  "a cluster is made": async ({ wire }) => {
    await wire.ask("redshift", "CreateCluster", {
      ClusterIdentifier: "fresh",
      NodeType: "ra3.large",
      MasterUsername: "admin",
      MasterUserPassword: "Passw0rd",
      Tags: [{ Key: "team", Value: "new" }],
    });
    await wire.ask("redshift", "DescribeClusters", {});
  },
  "clusters are restored, seen on the way, and deleted with a last snapshot": async ({ wire, simulator }) => {
    await wire.ask("redshift", "RestoreFromClusterSnapshot", {
      ClusterIdentifier: "logs-restored",
      SnapshotIdentifier: "logs-old",
    });
    simulator.clock.advance(60);
    await wire.ask("redshift", "DescribeClusters", {});
    simulator.clock.advance(7200);
    await wire.ask("redshift", "DescribeClusters", { ClusterIdentifier: "logs-restored" });
    await wire.ask("redshift", "DeleteCluster", {
      ClusterIdentifier: "logs",
      FinalClusterSnapshotIdentifier: "logs-final",
    });
    await wire.ask("redshift", "DescribeClusterSnapshots", {});
    await wire.ask("redshift", "DescribeClusters", {});
  },
};
