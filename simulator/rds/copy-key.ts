import { findKey, isUsable, type KmsKey, managedKey } from "../keys.ts";
import type { Call } from "../operation.ts";
import { type AwsError, commonError } from "../protocol/errors.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { rdsFault } from "./errors.ts";

/**
 * The ARN of the key a copy is encrypted with, or undefined for an unencrypted one. Cluster snapshots
 * differ from those of instances: a key given for an unencrypted source is an error.
 */
export const keyOfCopy = (
  call: Call,
  source: DbClusterSnapshot,
  given: string | undefined,
): string | undefined => {
  if (source.awsOwnedKey) return keyInPlaceOfAwsOwned(call, source, given);
  if (!source.encrypted) {
    if (given) throw commonError("InvalidParameterCombination", unencryptedSource);
    return undefined;
  }
  assertUsable(sourceKey(call, source), "source", source.kmsKeyArn ?? "");
  if (given) return assertUsable(targetKey(call, given), "target", given).arn;
  if (source.region !== call.region) throw commonError("InvalidParameterValue", keyNeededAcrossRegions);
  if (source.account !== call.account) throw commonError("InvalidParameterValue", keyNeededForShared);
  return source.kmsKeyArn;
};

/** What becomes of a key, or of none, for what is under a key that AWS owns is not documented. */
const keyInPlaceOfAwsOwned = (
  call: Call,
  source: DbClusterSnapshot,
  given: string | undefined,
): string | undefined => {
  const { awsOwnedKeyCopies } = call.world.settings;
  if (given) {
    if (awsOwnedKeyCopies === "without-key")
      throw commonError("InvalidParameterCombination", unencryptedSource);
    return assertUsable(targetKey(call, given), "target", given).arn;
  }
  if (awsOwnedKeyCopies === "with-key" && source.region !== call.region)
    throw commonError("InvalidParameterValue", keyNeededAcrossRegions);
  return undefined;
};

const unencryptedSource =
  "KmsKeyId cannot be specified when copying an unencrypted DB cluster snapshot. Encrypt on restore instead.";
const keyNeededAcrossRegions = "Must specify new KMS key for cross region encrypted snapshot copy.";
const keyNeededForShared = "Must specify new KMS key for a copy of a shared encrypted snapshot.";

interface UsedKey {
  readonly key: KmsKey | undefined;
  /** What a copy is answered for whose caller may not use the key. */
  readonly refusal: AwsError;
}

/** The keys a copy makes use of, as far as they are named: the source's, and another one the copy is to get. */
export const keysOfCopy = (
  call: Call,
  source: DbClusterSnapshot,
  given: string | undefined,
): readonly UsedKey[] => {
  if (!source.encrypted && !source.awsOwnedKey) return [];
  const from = sourceKey(call, source);
  const to = given ? findKey(call.world, call.store, given) : undefined;
  return [
    ...(source.encrypted ? [{ key: from, refusal: notAccessible("source", source.kmsKeyArn ?? "") }] : []),
    ...(to && to !== from ? [{ key: to, refusal: notAccessible("target", given ?? "") }] : []),
  ];
};

const sourceKey = ({ world }: Call, source: DbClusterSnapshot): KmsKey | undefined =>
  findKey(world, world.store(source.region, source.account), source.kmsKeyArn ?? "");

const targetKey = ({ world, store, now }: Call, given: string): KmsKey | undefined =>
  given === "alias/aws/rds" ? managedKey(store, "rds", now) : findKey(world, store, given);

const assertUsable = (key: KmsKey | undefined, which: "source" | "target", named: string): KmsKey => {
  if (key && isUsable(key)) return key;
  throw notAccessible(which, named);
};

const notAccessible = (which: "source" | "target", named: string): AwsError => {
  const what = which === "source" ? "source snapshot KMS key" : "target KMS key";
  return rdsFault(
    "KMSKeyNotAccessibleFault",
    `The ${what} [${named}] does not exist, is not enabled or you do not have permissions to access it.`,
  );
};
