import type { Question } from "../iam.ts";
import { onKey } from "../key-questions.ts";
import { findKey, isUsable, type KmsKey, managedKey } from "../keys.ts";
import type { Call } from "../operation.ts";
import type { AwsError } from "../protocol/errors.ts";
import { rdsFault } from "./errors.ts";

/**
 * The key of this region that a cluster is encrypted with; without a reference the one AWS keeps for RDS.
 * Throws KMSKeyNotAccessibleFault, also where the key is disabled or to be deleted.
 */
export const usableKey = ({ world, store, now }: Call, reference: string | undefined): KmsKey => {
  if (reference === undefined || reference === "alias/aws/rds") return managedKey(store, "rds", now);
  const key = findKey(world, store, reference);
  if (key && isUsable(key)) return key;
  throw keyNotUsable(reference);
};

/** Asks for the right to use a customer's key by whatever name; nothing where none is named or found. */
export const onNamedKey = (call: Call, reference: string | undefined): readonly Question[] =>
  reference
    ? onKey(call, findKey(call.world, call.store, reference), {
        service: "rds",
        refusal: keyNotUsable(reference),
      })
    : [];

const keyNotUsable = (reference: string): AwsError =>
  rdsFault(
    "KMSKeyNotAccessibleFault",
    `The specified KMS key [${reference}] does not exist, is not enabled or you do not have permissions to access it.`,
  );
