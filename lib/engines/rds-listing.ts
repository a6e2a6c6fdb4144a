/**
 * Reading the RDS control plane: Aurora, Multi-AZ DB clusters, Neptune and DocumentDB in one listing.
 * Calls DescribeDBClusters and DescribeDBClusterSnapshots; expects throttling and denial, and of modelled faults only
 * that a snapshot asked for by its name is missing: a filter that matches nothing answers an empty list.
 */
import {
  DescribeDBClusterSnapshotsCommand,
  type DescribeDBClusterSnapshotsCommandInput,
  DescribeDBClustersCommand,
  type Filter,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { chunk } from "../core/batch.ts";
import type { Cluster } from "../core/cluster.ts";
import { isOurName } from "../core/naming.ts";
import { arnOf, type Snapshot } from "../core/snapshot.ts";
import { MissingError, RefusedError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import type { Engine, SnapshotPick } from "./engine.ts";
import { ask, callsOf } from "./faults.ts";
import { type Cursor, listAll, pageSize, pagesOf, pickFrom, stretched } from "./paging.ts";
import { readCluster, readSnapshot } from "./rds-shapes.ts";
import { wordSharing } from "./shared-words.ts";
import { pagesWithTags, withTags } from "./tag-lookup.ts";

/** AWS: "Only up to 100 unique filter DB Cluster Identifiers" (cloud-custodian#10133). */
const filterValuesMax = 100;

/** Calls that looking for what a filter leaves out may cost before the whole list is the cheaper look. */
const oneByOneMax = 20;

type Listing = Pick<
  Engine,
  "listClusters" | "findClusters" | "pickSnapshots" | "pickStretch" | "snapshotsOf" | "findSnapshots"
>;

/** The reading half of the adapter. It remembers for its lifetime whether snapshot filters can be trusted. */
export const rdsListing = (clients: Pick<Clients, "rds" | "tagging">): Listing => {
  let filtersTrusted = true;

  // No filter is `undefined`: an empty list goes out as a bare `Filters=`, and nobody says that AWS bears with it.
  const listClusters = async (region: string, Filters?: Filter[]): Promise<readonly Cluster[]> => {
    const client = clients.rds(region);
    const place = placeOf(region, "DescribeDBClusters");
    const shapes = await listAll(place, async (Marker) => {
      const page = await ask(place, () =>
        client.send(new DescribeDBClustersCommand({ MaxRecords: pageSize, Filters, Marker })),
      );
      return { items: page.DBClusters, marker: page.Marker };
    });
    const clusters = shapes.flatMap((shape) => readCluster(region, shape) ?? []);
    return withTags(clients.tagging(region), { region, arnOf: ({ arn }) => arn }, clusters);
  };

  const pickManual = async <T>(
    region: string,
    pick: SnapshotPick<T>,
    which?: Which,
    cursor?: Cursor,
  ): Promise<readonly T[]> => {
    const pages = snapshotPages(clients.rds(region), region, which, cursor);
    const query = { region, arnOf, pages, needsTags: hasOurName };
    return pickFrom(pagesWithTags(clients.tagging(region), query), pick);
  };

  /**
   * Snapshots by one filter, 100 values a call. Neptune and DocumentDB do not document these filters, and many values in one are
   * unconfirmed: a refusal is halved once, and where something is left out that must exist, or the halves are
   * refused too, the unfiltered list is matched here, once for all values, and filters are not used again.
   * A few snapshots that are left out are asked for one by one instead, which every engine documents: a region may hold
   * a thousand pages. A filter that is not heeded shows everything, with each call again, so that each call's answer is
   * matched with what it asked for: what is told twice would count twice towards a floor.
   */
  const filtered = async (query: FilterQuery): Promise<readonly Snapshot[]> => {
    if (query.values.length === 0) return [];
    const match = matching(query, query.values);
    if (!filtersTrusted) return pickManual(query.region, match);
    const found = await tryFilter(query.values, (values) =>
      pickManual(query.region, matching(query, values), { Filters: [{ Name: query.name, Values: values }] }),
    );
    const seen = new Set(found?.map(query.of));
    const leftOut = query.expected.filter((value) => !seen.has(value));
    if (found && leftOut.length === 0) return found;
    if (found && query.name === "db-cluster-snapshot-id" && leftOut.length <= oneByOneMax) {
      const hidden = await eachOf(query.region, leftOut);
      filtersTrusted = hidden.length === 0;
      return [...found, ...hidden];
    }
    const all = await pickManual(query.region, match);
    filtersTrusted = found !== undefined && all.length === found.length;
    return all;
  };

  /** Those snapshots among some that there are, a call for each. */
  const eachOf = async (region: string, ids: readonly string[]): Promise<readonly Snapshot[]> => {
    const found = await Promise.all(
      ids.map((id) => unlessMissing(pickManual(region, (one) => one, { DBClusterSnapshotIdentifier: id }))),
    );
    return found.flat();
  };

  return {
    listClusters: (region) => listClusters(region),
    pickSnapshots: (region, pick) => pickManual(region, pick),
    pickStretch: (region, stretch, pick) =>
      stretched(stretch, (cursor) => pickManual(region, pick, {}, cursor)),
    findClusters: async ({ region, ids }) =>
      eachChunk(ids, (values) => listClusters(region, [{ Name: "db-cluster-id", Values: values }])),
    snapshotsOf: ({ region, clusters, expected = [] }) =>
      filtered({ region, name: "db-cluster-id", values: clusters, of: ({ cluster }) => cluster, expected }),
    findSnapshots: ({ region, ids, expected = [] }) =>
      filtered({ region, name: "db-cluster-snapshot-id", values: ids, of: ({ id }) => id, expected }),
  };
};

interface FilterQuery {
  readonly region: string;
  readonly name: "db-cluster-id" | "db-cluster-snapshot-id";
  readonly values: readonly string[];
  readonly of: (snapshot: Snapshot) => string;
  readonly expected: readonly string[];
}

/** Which manual snapshots of a region; without either, all. */
type Which = Pick<DescribeDBClusterSnapshotsCommandInput, "Filters" | "DBClusterSnapshotIdentifier">;

type ListSome = (values: string[]) => Promise<readonly Snapshot[]>;

const matching = ({ of }: FilterQuery, values: readonly string[]): SnapshotPick<Snapshot> => {
  const wanted = new Set(values);
  return (one) => (wanted.has(of(one)) ? one : undefined);
};

const unlessMissing = async (found: Promise<readonly Snapshot[]>): Promise<readonly Snapshot[]> => {
  try {
    return await found;
  } catch (error) {
    if (error instanceof MissingError) return [];
    throw error;
  }
};

/** The filtered listing, in halves where AWS refuses the whole; `undefined` where it refuses those too. */
const tryFilter = async (
  values: readonly string[],
  list: ListSome,
): Promise<readonly Snapshot[] | undefined> => {
  const most = Math.min(values.length, filterValuesMax);
  for (const size of new Set([most, Math.ceil(most / 2)])) {
    try {
      return await eachChunk(values, list, size);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
  }
  return undefined;
};

/** In our words: AWS's own shapes weigh many times what is kept of them. */
const snapshotPages = (client: RDSClient, region: string, which: Which = {}, cursor?: Cursor) => {
  const share = wordSharing();
  const place = placeOf(region, "DescribeDBClusterSnapshots");
  const fetchPage = async (Marker: string | undefined) => {
    const input = { SnapshotType: "manual", MaxRecords: pageSize, ...which, Marker };
    const page = await ask(place, () => client.send(new DescribeDBClusterSnapshotsCommand(input)));
    const items = page.DBClusterSnapshots?.flatMap((shape) => readSnapshot(region, shape) ?? []).map(share);
    return { items, marker: page.Marker };
  };
  return pagesOf(place, fetchPage, cursor);
};

const eachChunk = async <T>(
  values: readonly string[],
  list: (values: string[]) => Promise<readonly T[]>,
  size = filterValuesMax,
): Promise<readonly T[]> => {
  const parts: (readonly T[])[] = [];
  for (const some of chunk(values, size)) parts.push(await list([...some]));
  return parts.flat();
};

const hasOurName = ({ id }: Snapshot): boolean => isOurName(id);
const placeOf = callsOf("rds");
