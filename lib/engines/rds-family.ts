/**
 * The adapter for Aurora, Multi-AZ DB clusters, Neptune and DocumentDB: one control plane, driven through
 * client-rds because only its shapes carry tags inline. Besides reading (rds-listing.ts) it calls
 * CreateDBClusterSnapshot, CopyDBClusterSnapshot and DeleteDBClusterSnapshot; for holds AddTagsToResource and
 * RemoveTagsFromResource.
 */
import {
  AddTagsToResourceCommand,
  CopyDBClusterSnapshotCommand,
  type CopyDBClusterSnapshotCommandInput,
  type CopyDBClusterSnapshotCommandOutput,
  CreateDBClusterSnapshotCommand,
  type DBClusterSnapshot,
  DeleteDBClusterSnapshotCommand,
  DescribeAccountAttributesCommand,
  type RDSClient,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { getEndpointFromInstructions } from "@smithy/core/endpoints";
import type { Engine as EngineName } from "../core/cluster.ts";
import { cleanTagValue, tagKeys } from "../core/ownership.ts";
import { arnOf, isEncrypted, type Snapshot } from "../core/snapshot.ts";
import { IncompleteListingError, KeyRefusedError, MissingError, RefusedError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import { assertDeletable, assertOurs, refusalIn } from "./deletion-guard.ts";
import type { Deletion, Engine } from "./engine.ts";
import { ask, askToMake, type CallPlace, callsOf } from "./faults.ts";
import { presignCopy } from "./presign.ts";
import { rdsListing } from "./rds-listing.ts";
import { readSnapshot } from "./rds-shapes.ts";
import { writeTags } from "./tag-lookup.ts";

/** Cluster snapshots of Aurora, Multi-AZ, Neptune and DocumentDB count together. */
const snapshotQuota = "ManualClusterSnapshots";

export const rdsFamily = (clients: RdsClients): Engine => {
  /** Engines whose control plane was seen to refuse the pre-signed URL's parameter itself. */
  const unpresigned = new Set<EngineName>();
  /** Whether a copy of what is under a key that AWS owns was seen to be refused for naming another. */
  let keepsAwsOwnedKey = false;

  const startCopy = async (order: CopyOrder): Promise<Snapshot> => {
    const place = placeOf(order.region, "CopyDBClusterSnapshot");
    const { engine } = order.source;
    const presigned = !unpresigned.has(engine);
    const send = async (withUrl: boolean): Promise<Snapshot> => {
      const command = await ask(place, () => copyCommand(clients, order, withUrl));
      return askToMake(place, command, async () => {
        const answer = await clients.rds(order.region).send(command);
        return understood(place, answer.DBClusterSnapshot);
      });
    };
    try {
      return await send(presigned);
    } catch (error) {
      if (!presigned || !refusesParameter(error)) throw error;
      unpresigned.add(engine);
      return send(false);
    }
  };

  return {
    family: "rds",
    copies: "per-snapshot",
    ...rdsListing(clients),

    manualQuota: async (region) => {
      const answer = await ask(placeOf(region, "DescribeAccountAttributes"), () =>
        clients.rds(region).send(new DescribeAccountAttributesCommand({})),
      );
      const quota = answer.AccountQuotas?.find(({ AccountQuotaName }) => AccountQuotaName === snapshotQuota);
      return quota?.Used === undefined || quota.Max === undefined
        ? undefined
        : { used: quota.Used, max: quota.Max };
    },

    createSnapshot: async ({ cluster, id, tags }) => {
      const place = placeOf(cluster.region, "CreateDBClusterSnapshot");
      const command = new CreateDBClusterSnapshotCommand({
        DBClusterIdentifier: cluster.id,
        DBClusterSnapshotIdentifier: id,
        Tags: writeTags(tags),
      });
      return askToMake(place, command, async () => {
        const answer = await clients.rds(cluster.region).send(command);
        return understood(place, answer.DBClusterSnapshot);
      });
    },

    copySnapshot: async (order) => {
      const { kmsKey, ...keyless } = order;
      if (!order.source.awsOwnedKey || kmsKey === undefined) return startCopy(order);
      if (keepsAwsOwnedKey) return startCopy(keyless);
      try {
        return await startCopy(order);
      } catch (error) {
        if (!refusesKey(error)) throw error;
        keepsAwsOwnedKey = true;
        return startCopy(keyless);
      }
    },

    // Copies of this family carry the tags that they were asked for with.
    enableCopies: async ({ cluster }) => {
      throw new RefusedError(`${cluster.id}: its snapshots are copied by call, not by the cluster's setting`);
    },

    tagSnapshot: async ({ snapshot }) => {
      throw new RefusedError(`${snapshot.id}: RDS-family copies are tagged as they are made`);
    },

    holdSnapshot: async ({ service, owned, reason }) => {
      assertOurs(service, owned);
      const { region } = owned.snapshot;
      const Tags = writeTags({ [tagKeys.hold]: cleanTagValue(reason) });
      await ask(placeOf(region, "AddTagsToResource"), () =>
        clients.rds(region).send(new AddTagsToResourceCommand({ ResourceName: arnOf(owned.snapshot), Tags })),
      );
    },

    releaseSnapshot: async ({ service, owned }) => {
      assertOurs(service, owned);
      const { region } = owned.snapshot;
      await ask(placeOf(region, "RemoveTagsFromResource"), () =>
        clients.rds(region).send(
          new RemoveTagsFromResourceCommand({
            ResourceName: arnOf(owned.snapshot),
            TagKeys: [tagKeys.hold],
          }),
        ),
      );
    },

    deleteSnapshots: async ({ service, region, snapshots }) => {
      for (const owned of snapshots) assertDeletable(service, region, owned);
      const deletions: Deletion[] = [];
      for (const { snapshot } of snapshots) {
        try {
          deletions.push(await deleteOne(clients.rds(region), region, snapshot.id));
        } catch (error) {
          // Each is a call of its own: what the calls before have deleted must still be told.
          if (deletions.length === 0) throw error;
          break;
        }
      }
      return deletions;
    },
  };
};

/** What this adapter calls: RDS, and the tagging API where an answer has no tags. */
type RdsClients = Pick<Clients, "rds" | "tagging" | "signingDate">;

const placeOf = callsOf("rds");

type CopyOrder = Parameters<Engine["copySnapshot"]>[0];

const copyCommand = async (
  clients: RdsClients,
  order: CopyOrder,
  withUrl: boolean,
): Promise<CopyDBClusterSnapshotCommand> => {
  const { source, id, tags, kmsKey } = order;
  const input: CopyDBClusterSnapshotCommandInput = {
    SourceDBClusterSnapshotIdentifier: arnOf(source),
    TargetDBClusterSnapshotIdentifier: id,
    // An unencrypted snapshot with a key is an error for cluster snapshots; with `Tags`, CopyTags is ignored.
    KmsKeyId: isEncrypted(source) ? kmsKey : undefined,
    Tags: writeTags(tags),
  };
  if (!withUrl) return withoutPresignedUrl(new CopyDBClusterSnapshotCommand(input));
  return new CopyDBClusterSnapshotCommand({ ...input, PreSignedUrl: await presignedUrl(clients, order) });
};

const presignedUrl = async (
  clients: RdsClients,
  { source, region, id, kmsKey }: CopyOrder,
): Promise<string> => {
  const client = clients.rds(source.region);
  return presignCopy({
    endpoint: await endpointOf(client),
    sourceRegion: source.region,
    destinationRegion: region,
    sourceArn: arnOf(source),
    targetId: id,
    ...(isEncrypted(source) && kmsKey !== undefined && { kmsKey }),
    credentials: await client.config.credentials(),
    signingDate: clients.signingDate(),
  });
};

/** The endpoint that the source region's client would itself call: partition, FIPS and custom ones included. */
const endpointOf = async (client: RDSClient): Promise<URL> =>
  (await getEndpointFromInstructions({}, CopyDBClusterSnapshotCommand, client.config)).url;

/**
 * The SDK's own middleware adds a URL where none is given, with a host that is wrong outside the partition
 * `aws`. To send none, it has to be taken out again just before serialisation.
 */
const withoutPresignedUrl = (command: CopyDBClusterSnapshotCommand): CopyDBClusterSnapshotCommand => {
  const drop: SerializeMiddleware = (next) => (args) =>
    next({ ...args, input: { ...args.input, PreSignedUrl: undefined } });
  command.middlewareStack.addRelativeTo(drop, {
    name: "withoutPresignedUrl",
    relation: "after",
    toMiddleware: "crossRegionPresignedUrlMiddleware",
  });
  return command;
};

type SerializeMiddleware = import("@smithy/types").SerializeMiddleware<
  CopyDBClusterSnapshotCommandInput,
  CopyDBClusterSnapshotCommandOutput
>;

/** The parameter is not understood, which is not the same as a URL that does not hold what it should. */
const refusesParameter = (error: unknown): boolean =>
  error instanceof RefusedError &&
  /pre-?signed ?url/i.test(error.message) &&
  !/authenticat|must be specified/i.test(error.message);

/**
 * A copy may not name a key where its source is not encrypted, and AWS answers that of what is under a key that it owns; its
 * documents do not say which of the two holds for a copy.
 */
const refusesKey = (error: unknown): boolean => error instanceof KeyRefusedError;

const deleteOne = async (client: RDSClient, region: string, id: string): Promise<Deletion> => {
  try {
    await ask(placeOf(region, "DeleteDBClusterSnapshot"), () =>
      client.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id })),
    );
    return { id };
  } catch (error) {
    // Gone already: a retried deletion whose first answer was lost, or another hand.
    if (error instanceof MissingError) return { id };
    return { id, error: refusalIn(error) };
  }
};

const understood = (place: CallPlace, shape: DBClusterSnapshot | undefined): Snapshot => {
  const snapshot = shape && readSnapshot(place.region, shape);
  if (snapshot) return snapshot;
  throw new IncompleteListingError(`rds ${place.operation} in ${place.region} answered without a snapshot`);
};
