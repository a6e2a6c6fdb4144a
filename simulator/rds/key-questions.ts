import type { Question } from "../iam.ts";
import { keyContext } from "../key-context.ts";
import type { KmsKey } from "../keys.ts";
import type { Call } from "../operation.ts";
import type { AwsError } from "../protocol/errors.ts";

/**
 * What RDS asks KMS for in the caller's name before it uses a customer's key (Aurora User Guide,
 * Overview.Encryption.Keys). A refusal shows as KMSKeyNotAccessibleFault, not as AccessDenied.
 *
 * Nothing is asked for the key AWS keeps for RDS: its key policy lets in everybody of the account who comes through
 * RDS, so that no identity-based policy has to. Nor for a key that is not found, which the operation itself refuses.
 */
export const onKey = (call: Call, key: KmsKey | undefined, refusal: AwsError): readonly Question[] => {
  if (!key || key.manager === "AWS") return [];
  const question = { resource: key.arn, region: key.region, refusal };
  const context = {
    ...keyContext(call.world, key, call.account),
    "kms:ViaService": `rds.${key.region}.amazonaws.com`,
  };
  return [
    { ...question, action: "kms:DescribeKey", context },
    { ...question, action: "kms:CreateGrant", context: { ...context, "kms:GrantIsForAWSResource": "true" } },
  ];
};
