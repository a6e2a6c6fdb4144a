import { partitionOf } from "./arn.ts";
import type { AwsError } from "./protocol/errors.ts";

/** IAM condition keys as AWS would fill them; the names of tags are part of the keys. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One question that a service puts to IAM before it does what a call asks. */
export interface Permission {
  /** `rds:CreateDBClusterSnapshot` */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  readonly context: Context;
}

/** Answers for the caller known by its access key. */
export type Authorize = (accessKeyId: string, permission: Permission) => boolean;

export interface Principal {
  readonly account: string;
  readonly accessKeyId: string;
}

/** A permission as an operation asks for it. What it leaves out is that of the call itself. */
export interface Question {
  /** Default: the operation that is called. */
  readonly action?: string;
  readonly resource: string;
  /** Without what every question holds. */
  readonly context?: Context;
  /** The region that is asked; default: the called one. */
  readonly region?: string;
  /** In whose name; default: the caller's. */
  readonly principal?: Principal;
  /** What a refusal is answered with; default: that access is denied. */
  readonly refusal?: AwsError;
}

/** Every caller is an IAM user of its account here, named by its access key. */
export const userArn = ({ account, accessKeyId }: Principal, region: string): string =>
  `arn:${partitionOf(region)}:iam::${account}:user/${accessKeyId}`;
