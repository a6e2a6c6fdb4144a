import type { Question } from "./iam.ts";
import { keyContext } from "./key-context.ts";
import type { KmsKey } from "./keys.ts";
import type { Call } from "./operation.ts";
import type { AwsError } from "./protocol/errors.ts";

export interface KeyUse {
  /** The service that uses the key in the caller's name. */
  readonly service: "rds" | "redshift";
  /** What RDS answers a refusal with is KMSKeyNotAccessibleFault; default: that access is denied. */
  readonly refusal?: AwsError;
}

/**
 * What a service asks KMS for in the caller's name before it uses a customer's key: RDS by its guide (Aurora User
 * Guide, Overview.Encryption.Keys), Redshift for a copy grant by assumption, since its guide only says that it makes
 * a grant on the key.
 *
 * Nothing is asked for the key AWS keeps for a service: its key policy lets in everybody of the account who comes
 * through that service, so that no identity-based policy has to. Nor for a key that is not found, which the operation
 * itself refuses.
 */
export const onKey = (
  call: Call,
  key: KmsKey | undefined,
  { service, refusal }: KeyUse,
): readonly Question[] => {
  if (!key || key.manager === "AWS") return [];
  const question = { resource: key.arn, region: key.region, ...(refusal && { refusal }) };
  const context = {
    ...keyContext(call.world, key, call.account),
    "kms:ViaService": `${service}.${key.region}.amazonaws.com`,
  };
  return [
    { ...question, action: "kms:DescribeKey", context },
    { ...question, action: "kms:CreateGrant", context: { ...context, "kms:GrantIsForAWSResource": "true" } },
  ];
};
