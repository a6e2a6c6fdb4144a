import { type FilterRules, filtersShape, filterTest } from "../filters.ts";
import { type Call, defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, integer, type Read, structure, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { rdsFault } from "./errors.ts";
import { readReference } from "./identifiers.ts";
import { onCluster, onSnapshot } from "./questions.ts";
import { visibleSnapshots } from "./snapshot-listing.ts";
import { snapshotShape } from "./snapshot-shape.ts";

const input = {
  DBClusterIdentifier: text,
  DBClusterSnapshotIdentifier: text,
  SnapshotType: text,
  Filters: filtersShape,
  MaxRecords: integer,
  Marker: text,
  IncludeShared: boolean,
  IncludePublic: boolean,
  DbClusterResourceId: text,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "DescribeDBClusterSnapshots",
  input,
  permissions: ({ DBClusterIdentifier, DBClusterSnapshotIdentifier }, { store }) => [
    DBClusterIdentifier && !DBClusterSnapshotIdentifier
      ? onCluster(store, DBClusterIdentifier)
      : onSnapshot(store, DBClusterSnapshotIdentifier),
  ],
  run: (input, call) => {
    const { settings } = call.world;
    const { MaxRecords, Marker } = input;
    const cut = page(inOrder(call, chosen(call, input)), {
      MaxRecords,
      Marker,
      keyOf: ({ arn }) => arn,
      listing: call.operation,
    });
    return {
      Marker: cut.Marker,
      DBClusterSnapshots: elements(
        "DBClusterSnapshot",
        cut.items.map((snapshot) => snapshotShape(snapshot, settings)),
      ),
    };
  },
});

const lastOrders = new WeakMap<Call["store"], Record<"found" | "sorted", readonly DbClusterSnapshot[]>>();

/** By ARN. The pages of a large listing mostly find the same as the page before, and need not be sorted each. */
const inOrder = ({ store }: Call, found: readonly DbClusterSnapshot[]): readonly DbClusterSnapshot[] => {
  const last = lastOrders.get(store);
  if (last?.found.length === found.length && found.every((one, index) => one === last.found[index]))
    return last.sorted;
  const sorted = found.toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  lastOrders.set(store, { found, sorted });
  return sorted;
};

// By snapshot id a miss is an error; by cluster id or by filter it is an empty list, so that the
// snapshots of a deleted cluster can still be listed by its name.
const chosen = (call: Call, input: Input): readonly DbClusterSnapshot[] => {
  const { DBClusterIdentifier, DBClusterSnapshotIdentifier, DbClusterResourceId } = input;
  if (DBClusterIdentifier && DBClusterSnapshotIdentifier) {
    throw commonError(
      "InvalidParameterCombination",
      "DBClusterIdentifier and DBClusterSnapshotIdentifier cannot be specified together.",
    );
  }
  if (DBClusterSnapshotIdentifier) {
    const { id } = readReference(DBClusterSnapshotIdentifier);
    const visible = visibleSnapshots(call, input, { test: () => true, ids: new Set([id]) });
    const named = byId(visible, DBClusterSnapshotIdentifier, input.SnapshotType);
    return named.filter(filterOf(call, input));
  }
  const clusterId = DBClusterIdentifier ? readReference(DBClusterIdentifier).id : undefined;
  const matches = filterOf(call, input);
  const exists = existing(call, input);
  const test = (snapshot: DbClusterSnapshot): boolean =>
    exists(snapshot) &&
    (clusterId ?? snapshot.clusterId) === snapshot.clusterId &&
    (DbClusterResourceId || snapshot.clusterResourceId) === snapshot.clusterResourceId &&
    matches(snapshot);
  return visibleSnapshots(call, input, { test, ids: idsIn(call, input) });
};

const existing = ({ store, world }: Call, { DBClusterIdentifier, Filters }: Input) => {
  const byCluster = DBClusterIdentifier || Filters?.some(({ Name }) => Name === "db-cluster-id");
  return byCluster && world.settings.snapshotsByCluster === "existing"
    ? ({ clusterId }: DbClusterSnapshot) => store.clusters.has(clusterId)
    : () => true;
};

const idsIn = ({ world }: Call, { Filters }: Input): ReadonlySet<string> | undefined => {
  if (Object.values(world.settings.snapshotFilters).includes("ignored")) return undefined;
  const values = Filters?.find(({ Name }) => Name === "db-cluster-snapshot-id")?.Values;
  return values && new Set(values.map((value) => readReference(value).id));
};

const byId = (visible: readonly DbClusterSnapshot[], given: string, type: string | undefined) => {
  const { id, account } = readReference(given);
  const found = visible.filter(
    (snapshot) => snapshot.id === id && (account ?? snapshot.account) === snapshot.account,
  );
  // The model demands SnapshotType with an automated snapshot's id; that the answer is 404 is a guess.
  const named = found.filter((snapshot) => snapshot.type === "manual" || type);
  if (named.length > 0) return named;
  throw rdsFault("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${given} not found.`);
};

const filterOf = ({ world }: Call, { Filters }: Input): ((snapshot: DbClusterSnapshot) => boolean) => {
  const { settings } = world;
  const matches = filterTest(Filters, { rules, valuesMax: settings.filterValuesMax });
  if (!Filters?.length) return matches;
  return (snapshot) => {
    const filters = settings.snapshotFilters[snapshot.engine];
    return filters === "ignored" || (filters !== "unsupported" && matches(snapshot));
  };
};

const rules: FilterRules<DbClusterSnapshot> = {
  "db-cluster-id": {
    matches: ({ clusterId, region, account }, values) =>
      values.has(clusterId) ||
      values.arns.some((arn) => arn.endsWith(`:${region}:${account}:cluster:${clusterId}`)),
    limited: "DB Cluster Identifiers",
  },
  "db-cluster-snapshot-id": {
    matches: ({ id, arn }, values) => values.has(id) || values.has(arn),
    limited: "DB Cluster Snapshot Identifiers",
  },
  "snapshot-type": { matches: ({ type }, values) => values.has(type) },
  engine: { matches: ({ engine }, values) => values.has(engine) },
};
