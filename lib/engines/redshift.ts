/**
 * The adapter for Redshift. Calls DescribeClusters, DescribeClusterSnapshots, CreateClusterSnapshot, CreateTags,
 * DeleteTags, BatchDeleteClusterSnapshots and those of redshift-copying.ts. Cross-region copies are a setting of the
 * cluster: AWS makes them by itself, under a name of its own and without tags, so this adapter tags them once they are
 * recognised.
 */
import {
  BatchDeleteClusterSnapshotsCommand,
  CreateClusterSnapshotCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeClusterSnapshotsCommand,
  type DescribeClusterSnapshotsCommandInput,
  DescribeClustersCommand,
  type SnapshotErrorMessage,
} from "@aws-sdk/client-redshift";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { chunk } from "../core/batch.ts";
import type { Cluster, Tags } from "../core/cluster.ts";
import { plainName } from "../core/naming.ts";
import { cleanTagValue, type OwnedSnapshot, tagKeys } from "../core/ownership.ts";
import { arnOf, type Snapshot } from "../core/snapshot.ts";
import { DeniedError, IncompleteListingError, MissingError, RefusedError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import { assertDeletable, assertOurs, refusalIn } from "./deletion-guard.ts";
import type { Deletion, Engine, SnapshotPick } from "./engine.ts";
import { ask, askToMake, type CallPlace, callsOf, translateFault } from "./faults.ts";
import { type Cursor, listAll, pageSize, pagesOf, pickFrom, stretched } from "./paging.ts";
import { enableCopies } from "./redshift-copying.ts";
import { namesItself, readCluster, readSnapshot } from "./redshift-shapes.ts";
import { wordSharing } from "./shared-words.ts";
import { writeTags } from "./tag-lookup.ts";

/** What this adapter calls: Redshift, and STS where an answer does not tell the account. */
type RedshiftClients = Pick<Clients, "redshift" | "sts">;

/** AWS's limit for one BatchDeleteClusterSnapshots. */
const deletesMax = 100;

/** Never: the cluster's own setting would otherwise delete under us. */
const keepForEver = -1;

export const redshift = (clients: RedshiftClients): Engine => {
  const listClusters = async (region: string): Promise<readonly Cluster[]> => {
    const place = placeOf(region, "DescribeClusters");
    const shapes = await listAll(place, async (Marker) => {
      const command = new DescribeClustersCommand({ MaxRecords: pageSize, Marker });
      const page = await ask(place, () => clients.redshift(region).send(command));
      return { items: page.Clusters, marker: page.Marker };
    });
    // A cluster must not drop out of the backups because its answer lacks a field: then the account is asked for.
    const arnPrefix = shapes.every(namesItself) ? undefined : await ownArnPrefix(clients, region);
    return shapes.flatMap((shape) => readCluster(region, shape, arnPrefix) ?? []);
  };

  const pickManual = <T>(
    region: string,
    pick: SnapshotPick<T>,
    query: DescribeClusterSnapshotsCommandInput = {},
    cursor?: Cursor,
  ): Promise<readonly T[]> => {
    const place = placeOf(region, "DescribeClusterSnapshots");
    const share = wordSharing();
    const fetchPage = async (Marker: string | undefined) => {
      const input = { SnapshotType: "manual", MaxRecords: pageSize, ...query, Marker };
      const page = await ask(place, () =>
        clients.redshift(region).send(new DescribeClusterSnapshotsCommand(input)),
      );
      return {
        items: page.Snapshots?.map((shape) => share(readSnapshot(region, shape))),
        marker: page.Marker,
      };
    };
    return pickFrom(pagesOf(place, fetchPage, cursor), pick);
  };

  const tag = async (snapshot: Snapshot, tags: Tags): Promise<void> => {
    const { region } = snapshot;
    const command = new CreateTagsCommand({ ResourceName: arnOf(snapshot), Tags: writeTags(tags) });
    await ask(placeOf(region, "CreateTags"), () => clients.redshift(region).send(command));
  };

  return {
    family: "redshift",
    copies: "by-cluster-setting",
    listClusters,
    pickSnapshots: (region, pick) => pickManual(region, pick),
    pickStretch: (region, stretch, pick) =>
      stretched(stretch, (cursor) => pickManual(region, pick, {}, cursor)),

    // DescribeClusters knows one identifier or all, and Redshift's fleets are small.
    findClusters: async ({ region, ids }) =>
      (await listClusters(region)).filter(({ id }) => ids.includes(id)),

    snapshotsOf: ({ region, clusters }) => {
      const wanted = new Set(clusters);
      return pickManual(region, (one) => (wanted.has(one.cluster) ? one : undefined));
    },

    findSnapshots: async ({ region, ids, runId, expected = [] }) => {
      const wanted = new Set(ids);
      const match = (one: Snapshot) => (wanted.has(plainName(one.id)) ? one : undefined);
      const tagged = await pickManual(region, match, { TagValues: [runId] });
      const seen = new Set(tagged.map(({ id }) => plainName(id)));
      return expected.every((id) => seen.has(id)) ? tagged : pickManual(region, match);
    },

    // Redshift's own API tells no quota, and Service Quotas is another service with another permission.
    manualQuota: async () => undefined,

    createSnapshot: async ({ cluster, id, tags }) => {
      const place = placeOf(cluster.region, "CreateClusterSnapshot");
      const command = new CreateClusterSnapshotCommand({
        ClusterIdentifier: cluster.id,
        SnapshotIdentifier: id,
        ManualSnapshotRetentionPeriod: keepForEver,
        Tags: writeTags(tags),
      });
      return askToMake(place, command, async () => {
        const answer = await clients.redshift(cluster.region).send(command);
        const snapshot = answer.Snapshot && readSnapshot(cluster.region, answer.Snapshot);
        if (snapshot) return snapshot;
        throw new IncompleteListingError(
          `redshift CreateClusterSnapshot in ${cluster.region} answered without a snapshot`,
        );
      });
    },

    copySnapshot: async ({ source }) => {
      throw new RefusedError(`${source.id}: Redshift copies by the cluster's setting, not by call`);
    },

    enableCopies: (order) => enableCopies(clients, order),

    tagSnapshot: ({ snapshot, tags }) => tag(snapshot, tags),

    holdSnapshot: async ({ service, owned, reason }) => {
      assertOurs(service, owned);
      await tag(owned.snapshot, { [tagKeys.hold]: cleanTagValue(reason) });
    },

    releaseSnapshot: async ({ service, owned }) => {
      assertOurs(service, owned);
      const { region } = owned.snapshot;
      const command = new DeleteTagsCommand({ ResourceName: arnOf(owned.snapshot), TagKeys: [tagKeys.hold] });
      await ask(placeOf(region, "DeleteTags"), () => clients.redshift(region).send(command));
    },

    deleteSnapshots: async ({ service, region, snapshots }) => {
      for (const owned of snapshots) assertDeletable(service, region, owned);
      const deletions: Deletion[] = [];
      const batches = [...chunk(snapshots, deletesMax)];
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        try {
          const outcome = await deleteSome(clients, region, batch);
          // Roles may not delete what is held: one hold that was set meanwhile must not keep the others.
          const isDenied = outcome.every(({ error }) => error instanceof DeniedError);
          if (isDenied && batch.length > 1) {
            batches.unshift(...chunk(batch, Math.ceil(batch.length / 2)));
            continue;
          }
          deletions.push(...outcome);
          if (outcome.length < batch.length) break;
        } catch (error) {
          // What the calls before have deleted must still be told.
          if (deletions.length === 0) throw error;
          break;
        }
      }
      return deletions;
    },
  };
};

/** `arn:aws:redshift:eu-west-1:123456789012:`, from who the caller is: `arn:aws:sts::123456789012:…`. */
const ownArnPrefix = async (clients: RedshiftClients, region: string): Promise<string> => {
  const place = { service: "sts", operation: "GetCallerIdentity", region };
  const { Arn = "", Account } = await ask(place, () =>
    clients.sts(region).send(new GetCallerIdentityCommand({})),
  );
  return `arn:${Arn.split(":")[1]}:redshift:${region}:${Account}:`;
};

const placeOf = callsOf("redshift");

/**
 * One call for up to 100; it answers HTTP 200 with what is gone in `Resources` and the refusals in `Errors`. From the first
 * on of which it says nothing the outcome is not known: asked again, what is gone by then is missing.
 */
const deleteSome = async (
  clients: RedshiftClients,
  region: string,
  snapshots: readonly OwnedSnapshot[],
): Promise<readonly Deletion[]> => {
  const place = placeOf(region, "BatchDeleteClusterSnapshots");
  const Identifiers = snapshots.map(({ snapshot }) => ({
    SnapshotIdentifier: snapshot.id,
    SnapshotClusterIdentifier: snapshot.cluster,
  }));
  try {
    const command = new BatchDeleteClusterSnapshotsCommand({ Identifiers });
    const { Resources, Errors } = await ask(place, () => clients.redshift(region).send(command));
    const deleted = new Set(Resources);
    const refusals = new Map(Errors?.map((refusal) => [refusal.SnapshotIdentifier ?? "", refusal]));
    const ids = snapshots.map(({ snapshot: { id } }) => id);
    const untold = ids.findIndex((id) => !deleted.has(id) && !refusals.has(id));
    if (untold === 0) {
      throw new IncompleteListingError(
        `redshift ${place.operation} in ${region} answered without the outcome of ${ids[0]}`,
      );
    }
    const told = untold < 0 ? ids : ids.slice(0, untold);
    return told.map((id) => readDeletion(place, id, refusals.get(id)));
  } catch (error) {
    const refusal = refusalIn(error);
    return snapshots.map(({ snapshot: { id } }) => ({ id, error: refusal }));
  }
};

/** One snapshot's outcome. The answer's codes are those on the wire, which lack the "Fault" of the SDK's names. */
const readDeletion = (place: CallPlace, id: string, refusal: SnapshotErrorMessage | undefined): Deletion => {
  if (refusal === undefined) return { id };
  const name = `${refusal.FailureCode}`.replace(/(Fault)?$/, "Fault");
  const error = translateFault(place, { name, message: refusal.FailureReason });
  return error instanceof MissingError ? { id } : { id, error };
};
