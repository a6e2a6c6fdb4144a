import { defineOperation } from "../operation.ts";
import { elements } from "../protocol/xml.ts";
import { countedSnapshots } from "./quota.ts";

// AWS lists some twenty quotas. Instances without a cluster, and so their snapshots, do not exist here.
const instanceSnapshotsMax = 100;

export const operation = defineOperation({
  name: "DescribeAccountAttributes",
  input: {},
  run: (_input, { store, world }) => {
    const { manualClusterSnapshotsMax, clustersMax } = world.settings;
    return {
      AccountQuotas: elements("AccountQuota", [
        { AccountQuotaName: "ManualSnapshots", Used: 0, Max: instanceSnapshotsMax },
        { AccountQuotaName: "DBClusters", Used: store.clusters.size, Max: clustersMax },
        {
          AccountQuotaName: "ManualClusterSnapshots",
          Used: countedSnapshots(store).length,
          Max: manualClusterSnapshotsMax,
        },
      ]),
    };
  },
});
