import { operationTable, type Service } from "../operation.ts";
import { operation as BatchDeleteClusterSnapshots } from "./BatchDeleteClusterSnapshots.ts";
import { operation as CopyClusterSnapshot } from "./CopyClusterSnapshot.ts";
import { operation as CreateCluster } from "./CreateCluster.ts";
import { operation as CreateClusterSnapshot } from "./CreateClusterSnapshot.ts";
import { operation as CreateSnapshotCopyGrant } from "./CreateSnapshotCopyGrant.ts";
import { operation as CreateTags } from "./CreateTags.ts";
import { operation as DeleteCluster } from "./DeleteCluster.ts";
import { operation as DeleteClusterSnapshot } from "./DeleteClusterSnapshot.ts";
import { operation as DeleteSnapshotCopyGrant } from "./DeleteSnapshotCopyGrant.ts";
import { operation as DeleteTags } from "./DeleteTags.ts";
import { operation as DescribeClusterSnapshots } from "./DescribeClusterSnapshots.ts";
import { operation as DescribeClusters } from "./DescribeClusters.ts";
import { operation as DescribeSnapshotCopyGrants } from "./DescribeSnapshotCopyGrants.ts";
import { operation as DescribeTags } from "./DescribeTags.ts";
import { operation as DisableSnapshotCopy } from "./DisableSnapshotCopy.ts";
import { operation as EnableSnapshotCopy } from "./EnableSnapshotCopy.ts";
import { operation as ModifyClusterSnapshot } from "./ModifyClusterSnapshot.ts";
import { operation as ModifySnapshotCopyRetentionPeriod } from "./ModifySnapshotCopyRetentionPeriod.ts";
import { operation as RestoreFromClusterSnapshot } from "./RestoreFromClusterSnapshot.ts";

export const redshift: Service = {
  signingName: "redshift",
  protocol: { kind: "query", namespace: "http://redshift.amazonaws.com/doc/2012-12-01/" },
  version: "2012-12-01",
  operations: operationTable([
    BatchDeleteClusterSnapshots,
    CopyClusterSnapshot,
    CreateCluster,
    CreateClusterSnapshot,
    CreateSnapshotCopyGrant,
    CreateTags,
    DeleteCluster,
    DeleteClusterSnapshot,
    DeleteSnapshotCopyGrant,
    DeleteTags,
    DescribeClusterSnapshots,
    DescribeClusters,
    DescribeSnapshotCopyGrants,
    DescribeTags,
    DisableSnapshotCopy,
    EnableSnapshotCopy,
    ModifyClusterSnapshot,
    ModifySnapshotCopyRetentionPeriod,
    RestoreFromClusterSnapshot,
  ]),
};
