import { arnOf, parseArn } from "../arn.ts";
import type { Context, Question } from "../iam.ts";
import { keyContext } from "../key-context.ts";
import { findKey, managedKeyId } from "../keys.ts";
import type { Call } from "../operation.ts";

/**
 * Describing a key asks on the key itself, also where the call names an alias, which IAM learns of as
 * `kms:RequestAlias`. An alias that leads nowhere leaves nothing to ask on.
 */
export const describeQuestions = (call: Call, reference: string): readonly Question[] => {
  const alias = /(?:^|:)(alias\/.+)$/.exec(reference)?.[1];
  const key = findKey(call.world, call.store, reference);
  const resource = key?.arn ?? (alias ? arnOfPredefined(call, alias) : arnOfKey(call, reference));
  if (!resource) return [];
  const held: Context = key
    ? keyContext(call.world, key, call.account)
    : { "kms:CallerAccount": call.account };
  return [{ resource, context: { ...held, ...(alias && { "kms:RequestAlias": alias }) } }];
};

const arnOfKey = ({ store }: Call, reference: string): string =>
  parseArn(reference) ? reference : arnOf("kms", store, `key/${reference}`);

// A key AWS keeps for a service is made by describing it for the first time; being asked for must not make it.
const arnOfPredefined = ({ store }: Call, alias: string): string | undefined => {
  const service = /^alias\/aws\/(rds|redshift)$/.exec(alias)?.[1];
  return service && arnOf("kms", store, `key/${managedKeyId(store, service)}`);
};
