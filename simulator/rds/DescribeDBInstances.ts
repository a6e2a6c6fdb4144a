import { type FilterRules, filterBy, filtersShape } from "../filters.ts";
import { defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { integer, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import { instanceShape } from "./instance-shape.ts";
import { findInstance, type Instance, instanceArn, instancesIn } from "./instances.ts";
import { onInstance } from "./questions.ts";

/** Lists the instances of clusters: there are no others here. */
export const operation = defineOperation({
  name: "DescribeDBInstances",
  input: { DBInstanceIdentifier: text, Filters: filtersShape, MaxRecords: integer, Marker: text },
  permissions: ({ DBInstanceIdentifier }, { store }) => [onInstance(store, DBInstanceIdentifier)],
  run: (input, call) => {
    const { MaxRecords, Marker } = input;
    const held = input.DBInstanceIdentifier
      ? [findInstance(call, input.DBInstanceIdentifier)]
      : instancesIn(call.store);
    const found = filterBy(held, input.Filters, { rules, valuesMax: call.world.settings.filterValuesMax });
    const cut = page(found, {
      MaxRecords,
      Marker,
      keyOf: ({ member }) => member.id,
      listing: call.operation,
    });
    return { Marker: cut.Marker, DBInstances: elements("DBInstance", cut.items.map(instanceShape)) };
  },
});

const rules: FilterRules<Instance> = {
  "db-cluster-id": {
    matches: ({ cluster }, values) => values.has(cluster.id) || values.has(cluster.arn),
    limited: "DB Cluster Identifiers",
  },
  "db-instance-id": {
    matches: ({ cluster, member }, values) =>
      values.has(member.id) || values.has(instanceArn(cluster, member.id)),
    limited: "DB Instance Identifiers",
  },
  "dbi-resource-id": {
    matches: (instance, values) => values.has(instanceShape(instance).DbiResourceId),
  },
  domain: { matches: () => false },
  engine: { matches: ({ cluster }, values) => values.has(cluster.engine) },
};
