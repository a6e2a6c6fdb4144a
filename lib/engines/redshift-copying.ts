/**
 * Redshift's cross-region copy as a setting of the cluster: EnableSnapshotCopy and ModifySnapshotCopyRetentionPeriod
 * where the cluster is, CreateSnapshotCopyGrant where its copies go (Redshift management guide, "Copying snapshots to
 * another AWS Region").
 */
import {
  CreateSnapshotCopyGrantCommand,
  EnableSnapshotCopyCommand,
  ModifySnapshotCopyRetentionPeriodCommand,
} from "@aws-sdk/client-redshift";
import type { CopySetting } from "../core/cluster.ts";
import { automatedCopyDays, manualCopyDays } from "../core/copy-setting.ts";
import { base32, digest } from "../core/digest.ts";
import { tagKeys } from "../core/ownership.ts";
import { HoldfastError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import type { Engine } from "./engine.ts";
import { ask, callsOf } from "./faults.ts";
import { writeTags } from "./tag-lookup.ts";

type Order = Parameters<Engine["enableCopies"]>[0];

export const enableCopies = async (
  clients: Pick<Clients, "redshift">,
  order: Order,
): Promise<CopySetting> => {
  const { cluster, region } = order;
  if (cluster.copySetting === undefined) await enable(clients, order);
  else await keepForEver(clients, order);
  return { region, manualRetentionDays: manualCopyDays };
};

const enable = async (clients: Pick<Clients, "redshift">, order: Order): Promise<void> => {
  const { cluster, region } = order;
  // The copies of an encrypted cluster are encrypted anew, and the grant is what lets Redshift use a key there.
  const grant = cluster.encrypted ? await grantIn(clients, order) : undefined;
  const command = new EnableSnapshotCopyCommand({
    ClusterIdentifier: cluster.id,
    DestinationRegion: region,
    RetentionPeriod: automatedCopyDays,
    ManualSnapshotRetentionPeriod: manualCopyDays,
    ...(grant && { SnapshotCopyGrantName: grant }),
  });
  await ask(placeOf(cluster.region, "EnableSnapshotCopy"), () =>
    clients.redshift(cluster.region).send(command),
  );
};

/** Of copies that come from now on: AWS leaves those that are there with the time they were given. */
const keepForEver = async (clients: Pick<Clients, "redshift">, { cluster }: Order): Promise<void> => {
  const command = new ModifySnapshotCopyRetentionPeriodCommand({
    ClusterIdentifier: cluster.id,
    RetentionPeriod: manualCopyDays,
    Manual: true,
  });
  await ask(placeOf(cluster.region, "ModifySnapshotCopyRetentionPeriod"), () =>
    clients.redshift(cluster.region).send(command),
  );
};

/** One grant for each service and key serves all of its clusters, and is there from the second on. */
const grantIn = async (
  clients: Pick<Clients, "redshift">,
  { service, region, kmsKey }: Order,
): Promise<string> => {
  const name = `holdfast-${base32(digest([service, region, kmsKey ?? ""])).slice(0, 8)}`;
  const command = new CreateSnapshotCopyGrantCommand({
    SnapshotCopyGrantName: name,
    Tags: writeTags({ [tagKeys.service]: service }),
    ...(kmsKey && !isOfRds(kmsKey) && { KmsKeyId: kmsKey }),
  });
  try {
    await ask(placeOf(region, "CreateSnapshotCopyGrant"), () => clients.redshift(region).send(command));
  } catch (error) {
    if (!isThere(error)) throw error;
  }
  return name;
};

/** AWS's own key for RDS serves no other service: then Redshift's own, which is what no key means, is as good. */
const isOfRds = (key: string): boolean => key.endsWith("alias/aws/rds");

const isThere = (error: unknown): boolean =>
  error instanceof HoldfastError &&
  error.cause instanceof Error &&
  error.cause.name === "SnapshotCopyGrantAlreadyExistsFault";

const placeOf = callsOf("redshift");
