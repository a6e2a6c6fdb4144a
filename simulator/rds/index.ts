import { operationTable, type Service } from "../operation.ts";
import { operation as AddTagsToResource } from "./AddTagsToResource.ts";
import { operation as CopyDBClusterSnapshot } from "./CopyDBClusterSnapshot.ts";
import { operation as CreateDBCluster } from "./CreateDBCluster.ts";
import { operation as CreateDBClusterSnapshot } from "./CreateDBClusterSnapshot.ts";
import { operation as CreateDBInstance } from "./CreateDBInstance.ts";
import { operation as DeleteDBCluster } from "./DeleteDBCluster.ts";
import { operation as DeleteDBClusterSnapshot } from "./DeleteDBClusterSnapshot.ts";
import { operation as DeleteDBInstance } from "./DeleteDBInstance.ts";
import { operation as DescribeAccountAttributes } from "./DescribeAccountAttributes.ts";
import { operation as DescribeDBClusterSnapshotAttributes } from "./DescribeDBClusterSnapshotAttributes.ts";
import { operation as DescribeDBClusterSnapshots } from "./DescribeDBClusterSnapshots.ts";
import { operation as DescribeDBClusters } from "./DescribeDBClusters.ts";
import { operation as DescribeDBInstances } from "./DescribeDBInstances.ts";
import { operation as ListTagsForResource } from "./ListTagsForResource.ts";
import { operation as ModifyDBClusterSnapshotAttribute } from "./ModifyDBClusterSnapshotAttribute.ts";
import { operation as RemoveTagsFromResource } from "./RemoveTagsFromResource.ts";
import { operation as RestoreDBClusterFromSnapshot } from "./RestoreDBClusterFromSnapshot.ts";
import { operation as StartDBCluster } from "./StartDBCluster.ts";
import { operation as StopDBCluster } from "./StopDBCluster.ts";

/** One control plane for Aurora, Multi-AZ DB clusters, Neptune and DocumentDB. */
export const rds: Service = {
  signingName: "rds",
  protocol: { kind: "query", namespace: "http://rds.amazonaws.com/doc/2014-10-31/" },
  version: "2014-10-31",
  operations: operationTable([
    AddTagsToResource,
    CopyDBClusterSnapshot,
    CreateDBCluster,
    CreateDBClusterSnapshot,
    CreateDBInstance,
    DeleteDBCluster,
    DeleteDBClusterSnapshot,
    DeleteDBInstance,
    DescribeAccountAttributes,
    DescribeDBClusterSnapshotAttributes,
    DescribeDBClusterSnapshots,
    DescribeDBClusters,
    DescribeDBInstances,
    ListTagsForResource,
    ModifyDBClusterSnapshotAttribute,
    RemoveTagsFromResource,
    RestoreDBClusterFromSnapshot,
    StartDBCluster,
    StopDBCluster,
  ]),
};
