import { findKey, isUsable, managedKey } from "../keys.ts";
import type { Call } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";

/**
 * The ARN of the key that something new is encrypted with: the one given, or the service's own of this region.
 * Code and words of the refusal are a guess; no error of the model speaks of a missing key.
 */
export const encryptionKey = ({ world, store, now }: Call, given: string | undefined): string => {
  if (!given || given === "alias/aws/redshift") return managedKey(store, "redshift", now).arn;
  const key = findKey(world, store, given);
  if (key && isUsable(key)) return key.arn;
  throw commonError("InvalidParameterValue", `The KMS key ${given} does not exist or is not enabled.`);
};
