/** An ARN of this simulator's services, taken apart. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** `cluster-snapshot` in `…:cluster-snapshot:rds:db1-2026-01-01-00-00`; empty for `…:alias/x`. */
  readonly type: string;
  readonly id: string;
}

/**
 * Takes an ARN apart, or answers undefined. Ids of automated snapshots hold colons
 * (`rds:db1-2026-01-01-00-00`), so only the first six separate.
 */
export const parseArn = (value: string): Arn | undefined => {
  const [arn, partition, service, region, account, ...rest] = value.split(":");
  if (arn !== "arn" || !partition || !service || region === undefined || account === undefined)
    return undefined;
  if (rest.length === 0) return undefined;
  if (rest.length > 1)
    return { partition, service, region, account, type: rest[0] ?? "", id: rest.slice(1).join(":") };
  const [type, ...id] = (rest[0] ?? "").split("/");
  return { partition, service, region, account, type: type ?? "", id: id.join("/") };
};

/** The partition a region belongs to; it stands in every ARN of that region. */
export const partitionOf = (region: string): string => {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("us-iso-")) return "aws-iso";
  if (region.startsWith("us-isob-")) return "aws-iso-b";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return "aws";
};

/** Where a resource lives: one account in one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Builds `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. */
export const arnOf = (service: string, { account, region }: Place, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
