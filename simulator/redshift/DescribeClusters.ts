import { type Call, defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { commonError } from "../protocol/errors.ts";
import { integer, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import type { RedshiftCluster } from "../redshift-records.ts";
import { clusterShape } from "./cluster-shape.ts";
import { findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";
import { hasTags, tagFilterShapes } from "./tag-filter.ts";

export const operation = defineOperation({
  name: "DescribeClusters",
  input: { ClusterIdentifier: text, MaxRecords: integer, Marker: text, ...tagFilterShapes },
  permissions: ({ ClusterIdentifier }, { store }) => [onCluster(store, ClusterIdentifier)],
  run: (input, call) => {
    const { ClusterIdentifier, MaxRecords, Marker } = input;
    if (ClusterIdentifier && Marker) {
      throw commonError(
        "InvalidParameterCombination",
        "ClusterIdentifier and Marker cannot be specified together.",
      );
    }
    const found = chosen(call, ClusterIdentifier).filter(({ tags }) => hasTags(input, tags));
    const cut = page(found, { MaxRecords, Marker, keyOf: ({ id }) => id, listing: call.operation });
    return {
      Marker: cut.Marker,
      Clusters: elements(
        "Cluster",
        cut.items.map((cluster) => clusterShape(cluster, call.world.settings, call.now)),
      ),
    };
  },
});

const chosen = (call: Call, id: string | undefined): readonly RedshiftCluster[] =>
  id
    ? [findCluster(call, id)]
    : [...call.store.redshiftClusters.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
