import { findKey, type KmsKey, managedKey } from "../keys.ts";
import type { Call } from "../operation.ts";
import { rdsFault } from "./errors.ts";

/**
 * The key of this region that a cluster is encrypted with; without a reference the one AWS keeps for RDS.
 * Throws KMSKeyNotAccessibleFault, also where the key is disabled or to be deleted.
 */
export const usableKey = ({ world, store, now }: Call, reference: string | undefined): KmsKey => {
  if (reference === undefined || reference === "alias/aws/rds") return managedKey(store, "rds", now);
  const key = findKey(world, store, reference);
  if (key?.state === "Enabled") return key;
  throw rdsFault(
    "KMSKeyNotAccessibleFault",
    `The specified KMS key [${reference}] does not exist, is not enabled or you do not have permissions to access it.`,
  );
};
