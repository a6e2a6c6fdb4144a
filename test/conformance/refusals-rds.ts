import type { Simulator } from "../../simulator/simulator.ts";
import { manyTags, type Refusal } from "./refusal.ts";
import { away, home, rdsArn } from "./stage.ts";

const snapshot = (DBClusterIdentifier: string, DBClusterSnapshotIdentifier: string, more: object = {}) => ({
  operation: "CreateDBClusterSnapshot",
  input: { DBClusterIdentifier, DBClusterSnapshotIdentifier, ...more },
});

const copy = (source: string, target: string, more: object = {}) => ({
  operation: "CopyDBClusterSnapshot",
  input: { SourceDBClusterSnapshotIdentifier: source, TargetDBClusterSnapshotIdentifier: target, ...more },
});

const copyAcross = (source: string, more: object = {}) => ({
  ...copy(rdsArn(`cluster-snapshot:${source}`), "copy", more),
  region: away,
});

const remove = (DBClusterSnapshotIdentifier: string) => ({
  operation: "DeleteDBClusterSnapshot",
  input: { DBClusterSnapshotIdentifier },
});

const tagsOf = (ResourceName: string) => ({ operation: "ListTagsForResource", input: { ResourceName } });

const share = (DBClusterSnapshotIdentifier: string, ValuesToAdd: string[]) => ({
  operation: "ModifyDBClusterSnapshotAttribute",
  input: { DBClusterSnapshotIdentifier, AttributeName: "restore", ValuesToAdd },
});

const restore = (SnapshotIdentifier: string, DBClusterIdentifier = "restored", more: object = {}) => ({
  operation: "RestoreDBClusterFromSnapshot",
  input: { DBClusterIdentifier, SnapshotIdentifier, Engine: "aurora-mysql", ...more },
});

const member = (DBInstanceIdentifier: string, DBClusterIdentifier: string) => ({
  operation: "CreateDBInstance",
  input: {
    DBInstanceIdentifier,
    DBClusterIdentifier,
    DBInstanceClass: "db.r6g.large",
    Engine: "aurora-mysql",
  },
});

const dropMember = (DBInstanceIdentifier: string) => ({
  operation: "DeleteDBInstance",
  input: { DBInstanceIdentifier },
});

const turn = (operation: "StartDBCluster" | "StopDBCluster", DBClusterIdentifier: string) => ({
  operation,
  input: { DBClusterIdentifier },
});

const drop = (DBClusterIdentifier: string, more: object = { SkipFinalSnapshot: true }) => ({
  operation: "DeleteDBCluster",
  input: { DBClusterIdentifier, ...more },
});

const full = ({ world }: Simulator) => {
  world.settings.manualClusterSnapshotsMax = 1;
};

const noCopies = ({ world }: Simulator) => {
  world.settings.copiesPerDestination = 0;
};

/** Each fault that the simulator's RDS family can answer, asked for in every way there is. */
export const rdsRefusals: readonly Refusal[] = [
  {
    fault: "DBClusterNotFoundFault",
    operation: "DescribeDBClusters",
    input: { DBClusterIdentifier: "nobody" },
  },
  { fault: "DBClusterNotFoundFault", ...snapshot("nobody", "new") },
  { fault: "DBClusterNotFoundFault", ...tagsOf(rdsArn("cluster:nobody")) },
  { fault: "DBClusterNotFoundFault", ...drop("nobody") },
  { fault: "DBClusterNotFoundFault", ...member("new", "nobody") },
  { fault: "InvalidDBClusterStateFault", ...snapshot("stopped", "new") },
  { fault: "InvalidDBClusterStateFault", ...drop("orders") },
  { fault: "DBClusterSnapshotAlreadyExistsFault", ...snapshot("orders", "orders-old") },
  { fault: "DBClusterSnapshotAlreadyExistsFault", ...copy("orders-old", "plain-old") },
  { fault: "SnapshotQuotaExceededFault", ...snapshot("orders", "new"), given: full },
  { fault: "SnapshotQuotaExceededFault", ...copy("orders-old", "new"), given: full },
  { fault: "SnapshotQuotaExceededFault", ...copyAcross("plain-old"), given: noCopies },
  {
    fault: "DBClusterSnapshotNotFoundFault",
    operation: "DescribeDBClusterSnapshots",
    input: { DBClusterSnapshotIdentifier: "nothing" },
  },
  { fault: "DBClusterSnapshotNotFoundFault", ...copy("nothing", "new") },
  { fault: "DBClusterSnapshotNotFoundFault", ...remove("nothing") },
  { fault: "DBClusterSnapshotNotFoundFault", ...tagsOf(rdsArn("cluster-snapshot:nothing")) },
  { fault: "DBClusterSnapshotNotFoundFault", ...share("nothing", ["all"]) },
  { fault: "DBClusterSnapshotNotFoundFault", ...restore("nothing") },
  { fault: "InvalidDBClusterSnapshotStateFault", ...remove("plain-failed") },
  { fault: "InvalidDBClusterSnapshotStateFault", ...remove("rds:orders-2026-03-01-03-00") },
  { fault: "InvalidDBClusterSnapshotStateFault", ...remove("awsbackup:job") },
  { fault: "InvalidDBClusterSnapshotStateFault", ...copy("plain-failed", "new") },
  { fault: "InvalidDBClusterSnapshotStateFault", ...restore("plain-failed") },
  { fault: "InvalidDBClusterSnapshotStateFault", ...share("rds:orders-2026-03-01-03-00", ["111111111111"]) },
  { fault: "KMSKeyNotAccessibleFault", ...copyAcross("orders-old", { KmsKeyId: "alias/nothing" }) },
  { fault: "KMSKeyNotAccessibleFault", ...copyAcross("orders-old", { KmsKeyId: "alias/off" }) },
  { fault: "KMSKeyNotAccessibleFault", ...restore("orders-old", "restored", { KmsKeyId: "alias/off" }) },
  { fault: "DBClusterAlreadyExistsFault", ...restore("orders-old", "plain") },
  {
    fault: "DBClusterQuotaExceededFault",
    ...restore("orders-old"),
    given: ({ world }) => {
      world.settings.clustersMax = 1;
    },
  },
  {
    fault: "SharedSnapshotQuotaExceededFault",
    ...share(
      "plain-old",
      Array.from({ length: 21 }, (_, index) => String(100000000000 + index)),
    ),
  },
  { fault: "DBInstanceAlreadyExistsFault", ...member("orders-instance-1", "orders") },
  { fault: "InvalidGlobalClusterStateFault", ...drop("primary") },
  { fault: "DBInstanceNotFoundFault", ...dropMember("nothing") },
  {
    fault: "InvalidDBInstanceStateFault",
    ...dropMember("orders-instance-1"),
    given: ({ world }) => {
      world.settings.deleteSeconds = 100;
    },
    after: dropMember("orders-instance-1"),
  },
  { fault: "InvalidDBClusterStateFault", ...turn("StopDBCluster", "stopped") },
  { fault: "InvalidDBClusterStateFault", ...turn("StartDBCluster", "orders") },
  { fault: "InvalidDBClusterStateFault", ...member("new", "stopped") },
  { fault: "DBInstanceNotFoundFault", ...tagsOf(rdsArn("db:nothing")) },
  { fault: "DBSnapshotNotFoundFault", ...tagsOf(rdsArn("snapshot:nothing")) },

  { fault: "InvalidParameterCombination", ...copyAcross("plain-old", { KmsKeyId: "alias/databases" }) },
  { fault: "InvalidParameterCombination", ...copy("triple-old", "new") },
  { fault: "InvalidParameterCombination", ...drop("triple", {}) },
  { fault: "InvalidParameterCombination", ...drop("guarded") },
  {
    fault: "InvalidParameterCombination",
    operation: "DescribeDBClusterSnapshots",
    input: { DBClusterIdentifier: "orders", DBClusterSnapshotIdentifier: "orders-old" },
  },
  {
    fault: "InvalidParameterCombination",
    operation: "DescribeDBClusters",
    input: { Filters: [{ Name: "engine", Values: [] }] },
  },
  {
    fault: "InvalidParameterCombination",
    operation: "DescribeDBClusters",
    input: { Filters: [{ Name: "db-cluster-id", Values: manyTags(101).map(({ Key }) => Key) }] },
  },
  {
    fault: "InvalidParameterValue",
    operation: "DescribeDBClusters",
    input: { Filters: [{ Name: "colour", Values: ["red"] }] },
  },
  { fault: "InvalidParameterValue", operation: "DescribeDBClusters", input: { MaxRecords: 7 } },
  { fault: "InvalidParameterValue", operation: "DescribeDBClusters", input: { Marker: "made up" } },
  { fault: "InvalidParameterValue", operation: "DescribeDBClusterSnapshots", input: { SnapshotType: "odd" } },
  { fault: "InvalidParameterValue", ...snapshot("orders", "double--hyphen") },
  { fault: "InvalidParameterValue", ...snapshot("", "new") },
  { fault: "InvalidParameterValue", ...snapshot("orders", "new", { Tags: [{ Key: "aws:a", Value: "x" }] }) },
  { fault: "InvalidParameterValue", ...snapshot("orders", "new", { Tags: [{ Key: "a", Value: "" }] }) },
  { fault: "InvalidParameterValue", ...snapshot("orders", "new", { Tags: manyTags(51) }) },
  { fault: "InvalidParameterValue", ...copyAcross("orders-old") },
  { fault: "InvalidParameterValue", ...copyAcross("plain-old", { PreSignedUrl: "https://a.example/?b=c" }) },
  { fault: "InvalidParameterValue", ...tagsOf("orders") },
  { fault: "InvalidParameterValue", ...tagsOf(rdsArn("cluster:orders", away)), region: home },
  {
    fault: "MissingParameter",
    operation: "CreateDBClusterSnapshot",
    input: { DBClusterIdentifier: "orders" },
  },
];
