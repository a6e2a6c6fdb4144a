/**
 * What copying encrypted snapshots needs of KMS: RDS makes grants in the caller's name, on the source's key and
 * on the destination's (Aurora User Guide, "AWS KMS key management"). A missing CreateGrant shows as
 * KMSKeyNotAccessibleFault.
 */
import type { CopyPlan } from "../lib/core/plan.ts";
import { arn, type Json } from "./cloudformation.ts";
import { copyRegions, plansOf, type Stack, sourceRegions } from "./stack.ts";
import type { Statement } from "./statements.ts";

type Through = "rds" | "redshift";

/**
 * Only through a service of AWS in these regions. Outside the partition `aws` endpoints end otherwise; whether the condition
 * key's value does is not documented, and only AWS gives it one.
 */
const throughService = (service: Through, regions: readonly string[]) => ({
  StringLike: { "kms:ViaService": regions.map((region) => `${service}.${region}.*`) },
});

/** Only for a service of AWS. */
const forAws = { Bool: { "kms:GrantIsForAWSResource": "true" } };

export const useKeys = (stack: Stack): readonly Statement[] => {
  const keys = keysOf(stack);
  return [
    // Which keys the clusters are encrypted with only AWS knows; RDS has to stand in between.
    ...grants("SourceKeys", { Resource: anyKeyOf(sourceRegions(stack)), regions: regionsOf(stack) }),
    ...keys.flatMap(({ region, resource, condition, asked }, index) => [
      ...grants(`CopyKey${index + 1}`, { Resource: [resource], regions: [region], condition }),
      // The key is looked at before the first copy asks for it, by ourselves and by the plan's own name for it.
      allow(`LookAtCopyKey${index + 1}`, ["kms:DescribeKey"], [resource], asked),
    ]),
  ];
};

/** What the grants of managed Redshift copies need: Redshift makes a KMS grant in the caller's name. */
export const grantCopyKeys = (stack: Stack): readonly Statement[] =>
  keysOf(stack, ({ manage }) => manage === true).flatMap(({ region, resource, condition }, index) =>
    grants(`ManagedKey${index + 1}`, {
      ...{ Resource: [resource], regions: [region], condition },
      through: "redshift",
    }),
  );

/**
 * Looking at any key of this account that a kept recovery point may need, and at those which plans name by ARN: they may be
 * of another one. A recovery point tells its key by the key's own ARN, never by an alias.
 */
export const lookAtKeys = (stack: Stack): readonly Statement[] => [
  allow("LookAtKeys", ["kms:DescribeKey"], anyKeyOf(stack.config.regions), {}),
  ...keysOf(stack, ({ kmsKey }) => isArn(kmsKey ?? "")).map(({ resource, condition }, index) =>
    allow(`LookAtNamedKey${index + 1}`, ["kms:DescribeKey"], [resource], condition),
  ),
];

interface Grant {
  readonly Resource: readonly Json[];
  readonly regions: readonly string[];
  readonly condition?: Record<string, Json>;
  readonly through?: Through;
}

const grants = (
  sid: string,
  { Resource, regions, condition = {}, through = "rds" }: Grant,
): readonly Statement[] => {
  const via = throughService(through, regions);
  return [
    allow(`${sid}Look`, ["kms:DescribeKey"], Resource, { ...via, ...condition }),
    allow(`${sid}Grant`, ["kms:CreateGrant"], Resource, { ...via, ...forAws, ...condition }),
  ];
};

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly Json[],
  condition: Record<string, Json>,
): Statement => ({
  ...{ Sid, Effect: "Allow", Action, Resource },
  ...(Object.keys(condition).length > 0 && { Condition: condition }),
});

const anyKeyOf = (regions: readonly string[]): readonly Json[] =>
  regions.map((region) => arn("kms", region, "key/*"));

const regionsOf = (stack: Stack): readonly string[] => [
  ...new Set([...sourceRegions(stack), ...copyRegions(stack)]),
];

interface CopyKey {
  readonly region: string;
  readonly resource: Json;
  /** Which key it is, whoever asks for it and by whatever name. */
  readonly condition: Record<string, Json>;
  /** The same of a call that names it as the plan does. */
  readonly asked: Record<string, Json>;
}

/** The keys that plans name, each once: IAM knows keys by ARN, and an alias as a condition on the key. */
const keysOf = (stack: Stack, which = (_copy: CopyPlan): boolean => true): readonly CopyKey[] => {
  const copies = plansOf(stack).flatMap((plan) => plan.copies.filter(which));
  const named = new Map(
    copies.flatMap((copy) => (copy.kmsKey ? [[`${copy.region} ${copy.kmsKey}`, copy]] : [])) as [
      string,
      CopyPlan,
    ][],
  );
  return [...named.values()].map(({ region, kmsKey = "" }) => ({ region, ...keyPattern(region, kmsKey) }));
};

/**
 * AWS promises `kms:ResourceAliases` for customers' keys, and `alias/aws/rds` leads to none before it is first described;
 * `kms:RequestAlias` is the alias that a DescribeKey names, by itself or as an ARN (KMS Developer Guide, "Condition keys").
 */
const keyPattern = (region: string, key: string): Omit<CopyKey, "region"> => {
  const alias = /(?:^|:)(alias\/.+)$/.exec(key)?.[1];
  if (alias === undefined) {
    const resource = isArn(key) ? key : arn("kms", region, `key/${key}`);
    return { resource, condition: {}, asked: {} };
  }
  const resource = isArn(key) ? key.replace(/:alias\/.+$/, ":key/*") : arn("kms", region, "key/*");
  return {
    resource,
    condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [alias] } },
    asked: { StringEquals: { "kms:RequestAlias": alias } },
  };
};

const isArn = (key: string): boolean => key.startsWith("arn:");
