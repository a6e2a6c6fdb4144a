import { type FilterRules, filterBy, filtersShape } from "../filters.ts";
import { defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { boolean, integer, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import type { DbCluster } from "../rds-records.ts";
import { clusterShape } from "./cluster-shape.ts";
import { findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";

export const operation = defineOperation({
  name: "DescribeDBClusters",
  input: {
    DBClusterIdentifier: text,
    Filters: filtersShape,
    MaxRecords: integer,
    Marker: text,
    IncludeShared: boolean,
  },
  permissions: ({ DBClusterIdentifier }, { store }) => [onCluster(store, DBClusterIdentifier)],
  run: (input, call) => {
    const { settings } = call.world;
    const { MaxRecords, Marker } = input;
    const held = input.DBClusterIdentifier
      ? [findCluster(call, input.DBClusterIdentifier)]
      : [...call.store.clusters.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const found = filterBy(held, input.Filters, { rules, valuesMax: settings.filterValuesMax });
    const cut = page(found, { MaxRecords, Marker, keyOf: (cluster) => cluster.id, listing: call.operation });
    return {
      Marker: cut.Marker,
      DBClusters: elements(
        "DBCluster",
        cut.items.map((cluster) => clusterShape(cluster, settings, call.now)),
      ),
    };
  },
});

const rules: FilterRules<DbCluster> = {
  "clone-group-id": { matches: () => false },
  "db-cluster-id": {
    matches: ({ id, arn }, values) => values.has(id) || values.has(arn),
    limited: "DB Cluster Identifiers",
  },
  "db-cluster-resource-id": { matches: ({ resourceId }, values) => values.has(resourceId) },
  domain: { matches: () => false },
  engine: { matches: ({ engine }, values) => values.has(engine) },
};
